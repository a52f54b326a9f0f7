import { availableParallelism } from 'node:os';
import type { Options } from '../../config/options.ts';

/** How many processes answer. */
export function countWorkers({ workers }: Pick<Options, 'workers'>): number {
  return workers === 0 ? availableParallelism() : workers;
}

/** The options of one of several workers: what an option gives to the whole server is divided among them. */
export function optionsOfOne(options: Options, workers: number): Options {
  const share = (whole: number): number => Math.max(1, Math.ceil(whole / workers));
  return {
    ...options,
    workers,
    rendersAtOnce: share(options.rendersAtOnce),
    renderQueueLength: share(options.renderQueueLength),
    bigRenderQueueLength: share(options.bigRenderQueueLength),
    // Less than a megabyte keeps nothing.
    decodedMemoryMegabytes: Math.floor(options.decodedMemoryMegabytes / workers),
    decodedTileMegabytes: Math.floor(options.decodedTileMegabytes / workers),
    derivativeMemoryMegabytes: Math.floor(options.derivativeMemoryMegabytes / workers),
  };
}
