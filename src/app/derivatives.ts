import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createDerivatives, type Derivatives } from '../adapters/cache/derivatives/derivatives.ts';
import { isOnLocalDisk } from '../adapters/imaging/local-disk.ts';
import type { Options } from '../config/options.ts';
import type { Purge, PurgedBeside } from '../domain/derivative.ts';
import type { ItemKeeper } from '../domain/ports.ts';

/** Of the memory for finished images: for what is kept beside them, and for the answers to several viewers. */
export const READY_SHARE = 1 / 8;

/** Finished images, in memory and in the data folder; the same for the server and for the commands that work beside it. */
export function openDerivatives(
  options: Pick<Options, 'data' | 'derivativeMemoryMegabytes' | 'derivativeDiskMegabytes' | 'derivativeDiskKeeps'>,
  log: { warn(about: { readonly err: unknown }, message: string): void },
  alsoPurge: (purge: Purge) => Promise<PurgedBeside>,
): Derivatives {
  return createDerivatives({
    folder: join(options.data, 'cache', 'derivatives'),
    memoryBytes: options.derivativeMemoryMegabytes * 1_000_000 * (1 - READY_SHARE),
    diskBytes: options.derivativeDiskMegabytes * 1_000_000,
    keepsEverything: options.derivativeDiskKeeps === 'everything',
    // A command beside the server is one more.
    processes: availableParallelism() + 1,
    alsoPurge,
    isOnLocalDisk,
    onFailure: (error) => log.warn({ err: error }, 'finished images could not be kept on disk'),
  });
}

/** What else a process keeps of items: pyramids and decoded pixels, and copies of sources that are in an object store. */
export function purgeBeside(images: ItemKeeper, remote: ItemKeeper | null): (purge: Purge) => Promise<PurgedBeside> {
  return async (purge) => ({ copies: (await remote?.purge(purge)) ?? 0, pyramids: await images.purge(purge) });
}
