import { setPriority } from 'node:os';
import { warmCache } from '../app/warm-cache.ts';
import type { Options } from '../config/options.ts';
import type { AccessModel } from '../domain/access.ts';
import { parseSize } from '../iiif/image/parse-parameters.ts';
import type { Format } from '../iiif/image/request.ts';
import { isRefusal } from '../lib/problems.ts';
import { images, megabytes } from './cache.ts';
import { createLog } from './log.ts';

export interface CacheWarmCommand {
  readonly options: Options;
  readonly access: AccessModel;
  readonly items: readonly string[];
  /** As the Image API writes them; none for those of our own pages. */
  readonly sizes: readonly string[];
  readonly tiles: boolean;
  readonly format: Format;
  readonly tiers: readonly string[];
  /** A line of what was asked for. */
  print(line: string): void;
  /** A line of what went wrong. */
  error(line: string): void;
  /** Shows how far it is, each time in place of the last; null where nobody looks on. */
  readonly bar: ((line: string) => void) | null;
}

/** Thumbnails of the front page and of collections. */
const OWN_SIZES = ['!400,300', '!400,400'];
/** Servers go first. */
const NICENESS = 10;

/** `vitrine cache warm ITEMS...`: 0 where all is there; 1 where something could not be made; 2 for a size that is none. */
export async function runCacheWarm(command: CacheWarmCommand): Promise<number> {
  const sizes = (command.sizes.length === 0 && !command.tiles ? OWN_SIZES : command.sizes).map((text) => parseSize(text, 3));
  const wrong = sizes.find(isRefusal);
  if (wrong !== undefined) return complain(command, wrong.detail, 2);
  if (command.options.derivativeDiskMegabytes === 0) return complain(command, 'derivativeDiskMegabytes is 0: nothing is kept on disk.', 1);
  setPriority(NICENESS);
  const wish = { ...command, sizes: sizes.filter((size) => !isRefusal(size)) };
  const paths = command.items.map((path) => path.replace(/\/+$/, ''));
  const steps = warmCache(command.options, command.access, paths, wish, createLog(command.options));
  const tally = { items: 0, made: 0, ready: 0, problems: 0 };
  const startedAt = performance.now();
  for (let step = await steps.next(); ; step = await steps.next()) {
    if (step.done === true) {
      command.bar?.('');
      const there = tally.ready === 0 ? '' : `, and ${tally.ready} were ready`;
      command.print(`${images(tally.made)} made of ${tally.items === 1 ? '1 image' : `${tally.items} images`}${there}.`);
      command.print(
        `${images(step.value.derivatives)} on disk, ${megabytes(step.value.bytes)} of ${megabytes(step.value.maxBytes)} MB at most.`,
      );
      return tally.problems === 0 ? 0 : 1;
    }
    const { path, made, ready, problem } = step.value;
    tally.items += 1;
    tally.made += made;
    tally.ready += ready;
    if (problem !== null) {
      tally.problems += 1;
      command.bar?.('');
      command.error(`${path === '' ? '/' : path}: ${problem}`);
    }
    const rate = tally.items / Math.max(0.001, (performance.now() - startedAt) / 1000);
    command.bar?.(`${tally.items} images, ${tally.made} made, ${rate.toFixed(1)} images a second: ${path}`);
  }
}

function complain({ error }: CacheWarmCommand, sentence: string, exit: number): number {
  error(sentence);
  return exit;
}
