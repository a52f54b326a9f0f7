import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createDerivatives, type Derivatives } from '../adapters/cache/derivatives/derivatives.ts';
import type { Options } from '../config/options.ts';

/** Of the memory for finished images: for what is kept beside them, and for the answers to several viewers. */
export const READY_SHARE = 1 / 8;

/** Finished images, in memory and in the data folder; the same for the server and for the commands that work beside it. */
export function openDerivatives(
  options: Pick<Options, 'data' | 'derivativeMemoryMegabytes' | 'derivativeDiskMegabytes'>,
  log: { warn(about: { readonly err: unknown }, message: string): void },
): Derivatives {
  return createDerivatives({
    folder: join(options.data, 'cache', 'derivatives'),
    memoryBytes: options.derivativeMemoryMegabytes * 1_000_000 * (1 - READY_SHARE),
    diskBytes: options.derivativeDiskMegabytes * 1_000_000,
    // A command beside the server is one more.
    processes: availableParallelism() + 1,
    onFailure: (error) => log.warn({ err: error }, 'finished images could not be kept on disk'),
  });
}
