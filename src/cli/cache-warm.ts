import { setPriority } from 'node:os';
import { warmCache } from '../app/warm-cache.ts';
import type { Options } from '../config/options.ts';
import type { AccessModel } from '../domain/access.ts';
import { parseSize } from '../iiif/image/parse-parameters.ts';
import type { Format } from '../iiif/image/request.ts';
import { isRefusal } from '../lib/problems.ts';
import type { ProgressScreen } from '../lib/progress-bar.ts';
import { images, megabytes } from './cache.ts';
import { createLog } from './log.ts';
import { createWarmProgress } from './warm-progress.ts';

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
  readonly parallel: number;
  /** Where it shows how far it is; null where nobody looks on. */
  readonly screen: ProgressScreen | null;
}

/** Thumbnails of the front page and of collections. */
const OWN_SIZES = ['!400,300', '!400,400'];
const NOBODY: ProgressScreen = { isTTY: true, write: () => {} };
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
  const tally = { items: 0, made: 0, ready: 0, problems: 0 };
  const progress = createWarmProgress(command.screen ?? NOBODY, () => performance.now());
  const disk = await warmCache({
    ...command,
    paths,
    wish,
    log: createLog(command.options),
    onFound: progress.begin,
    onProgress: progress.update,
    onImage(image) {
      tally.items += 1;
      tally.made += image.made;
      tally.ready += image.ready;
      progress.done(image);
      if (image.problem === null) return;
      tally.problems += 1;
      progress.clear();
      command.error(`${image.path === '' ? '/' : image.path}: ${image.problem}`);
    },
  });
  progress.clear();
  const there = tally.ready === 0 ? '' : `, and ${tally.ready} were ready`;
  command.print(`${images(tally.made)} made of ${tally.items === 1 ? '1 image' : `${tally.items} images`}${there}.`);
  command.print(`${images(disk.derivatives)} on disk, ${megabytes(disk.bytes)} of ${megabytes(disk.maxBytes)} MB at most.`);
  return tally.problems === 0 ? 0 : 1;
}

function complain({ error }: CacheWarmCommand, sentence: string, exit: number): number {
  error(sentence);
  return exit;
}
