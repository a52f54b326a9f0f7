import { join } from 'node:path';
import type { Logger } from 'pino';
import { createPyramids, type Pyramids } from '../adapters/imaging/pyramid/background-pyramids.ts';
import type { PyramidRecipe } from '../adapters/imaging/pyramid/pyramid-store.ts';
import type { Options } from '../config/options.ts';
import type { RemoteFiles } from '../domain/ports.ts';
import { imagingOptions } from './from-options.ts';

/** Pyramids in the data folder; null where the options want none. */
export function openPyramids(options: Options, remote: RemoteFiles | null, log: Logger): Pyramids | null {
  if (options.pyramidDiskMegabytes === 0) return null;
  return createPyramids({
    folder: pyramidFolder(options),
    recipe: pyramidRecipe(options),
    maxBytes: options.pyramidDiskMegabytes * 1_000_000,
    atOnce: options.pyramidsAtOnce,
    imaging: imagingOptions(options),
    remote,
    onMade: ({ identifier }) => log.info({ identifier }, 'a pyramid was made'),
    onFailure: ({ identifier }, error) => log.warn({ identifier, err: error }, 'a pyramid could not be made or read'),
  });
}

export function pyramidFolder({ data }: Pick<Options, 'data'>): string {
  return join(data, 'pyramids');
}

export function pyramidRecipe({ pyramidQuality, pyramidSubsampling, colour }: Options): PyramidRecipe {
  return { quality: pyramidQuality, subsampling: pyramidSubsampling, colour };
}
