import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { type FoundSource, findSourcesAnywhere, findSourcesBelow } from '../app/find-sources.ts';
import { makePyramids, type PageOutcome } from '../app/make-pyramids.ts';
import { openImages } from '../app/open-images.ts';
import { placesInStore, placesOutside } from '../app/pyramid-places.ts';
import type { Options } from '../config/options.ts';
import { StartProblem } from '../config/start-problem.ts';
import type { ProgressScreen } from '../lib/progress-bar.ts';
import { createPyramidProgress } from './pyramid-progress.ts';

export interface PyramidCommand {
  readonly options: Options;
  readonly files: readonly string[];
  readonly out: string | null;
  readonly parallel: number;
  readonly screen: ProgressScreen;
  error(line: string): void;
}

/** They are not read here. */
const NO_SIDE_FILES = { warn: () => {} };

/** `vitrine pyramid`. The exit code: 0 when all is there, 1 when something could not be made, 130 when it was stopped. */
export async function runPyramid(command: PyramidCommand): Promise<number> {
  const { options, parallel, screen, error } = command;
  const out = command.out === null ? null : resolve(command.out);
  if (out === null && options.pyramidDiskMegabytes === 0) {
    throw new StartProblem(['There is no disk space for pyramids: pyramidDiskMegabytes is 0. With --out they are files of their own.'], 2);
  }
  const isOfFolder = out === null || command.files.length === 0;
  const opened = isOfFolder ? await openImages(options, NO_SIDE_FILES) : null;
  const sources =
    opened === null ? await findSourcesAnywhere(command.files) : await findSourcesBelow(opened.items, options.images, command.files);
  if (out !== null) await refuseOwnSources(out, isOfFolder ? [options.images] : command.files);
  const places = out === null ? await placesInStore(options, new Date()) : placesOutside(out);

  const progress = createPyramidProgress(sources, screen, () => performance.now());
  const counts: Record<PageOutcome['kind'], number> = { made: 0, there: 0, needless: 0, failed: 0, full: 0 };
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  await makePyramids({
    options,
    sources,
    remote: opened?.remote ?? null,
    places,
    parallel,
    signal: stop.signal,
    onProgress: progress.update,
    onPage(source, page, outcome) {
      counts[outcome.kind] += 1;
      if (outcome.kind === 'made') progress.made(outcome.pixels);
      if (outcome.kind === 'failed') {
        progress.clear();
        error(`${nameOf(source, page)}: ${outcome.why}`);
      }
    },
    onFile: progress.done,
  });
  process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  progress.clear();
  screen.write(`${summary(counts)}\n`);
  if (counts.full > 0) error('There is no room for more within pyramidDiskMegabytes; raise it, and run this again.');
  if (stop.signal.aborted) {
    error('It was stopped. Run it again to go on.');
    return 130;
  }
  return counts.failed > 0 || counts.full > 0 ? 1 : 0;
}

function nameOf({ path }: FoundSource, page: number): string {
  return page === 1 ? path : `${path}, page ${page}`;
}

function summary({ made, there, needless, failed }: Record<PageOutcome['kind'], number>): string {
  const parts = [`${made} made`, `${there} there already`, `${needless} need none`, `${failed} failed`];
  return parts.filter((part, i) => i === 0 || !part.startsWith('0 ')).join(', ');
}

/** The next run would take what this one makes for sources. */
async function refuseOwnSources(out: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const folder = await realpath(file).catch(() => null);
    if (folder === null) continue;
    if (out === folder || out.startsWith(folder + sep))
      throw new StartProblem([`${out} is in ${file}: the next run would make pyramids of pyramids.`], 2);
  }
}
