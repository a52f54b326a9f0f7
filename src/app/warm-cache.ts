import type { Logger } from 'pino';
import { createImageReader } from '../adapters/imaging/image-reader.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Options } from '../config/options.ts';
import type { AccessModel } from '../domain/access.ts';
import type { CacheStats } from '../domain/derivative.ts';
import { findImages, type Warmed, type WarmWish, warmImage } from '../flows/warm-cache.ts';
import { openDerivatives, purgeBeside } from './derivatives.ts';
import { describeRendering, imageLimits, imagingOptions } from './from-options.ts';
import { openImages } from './open-images.ts';
import { openPyramids } from './pyramids.ts';

/** Fills the cache of a server with these options. Yields each image, and each path at which nothing is; tells at the end what is on disk. */
export async function* warmCache(
  options: Options,
  access: AccessModel,
  paths: readonly string[],
  wish: WarmWish,
  log: Logger,
): AsyncGenerator<Warmed, CacheStats['disk']> {
  const { items, remote } = await openImages(options, log);
  // Pyramids that are there are read; making them is the business of the server, and of `vitrine pyramid`.
  const images = createImageReader(imagingOptions(options), openPyramids({ ...options, pyramidsAtOnce: 0 }, remote, log), remote);
  const cache = openDerivatives({ ...options, derivativeMemoryMegabytes: 0 }, log, purgeBeside(images, remote));
  const rendering = await describeRendering(options);
  const deps = {
    items,
    images,
    cache,
    limits: imageLimits(options),
    rendering,
    access: () => access,
    now: () => systemClock.now(),
    settled: cache.settled,
  };
  try {
    for (const path of paths) {
      const found = await findImages(items, path);
      if (found === null) yield { path, made: 0, ready: 0, problem: 'There is no such image or folder.' };
      else for await (const image of found) yield await warmImage(deps, image, wish);
    }
    return (await cache.stats()).disk;
  } finally {
    await images.close();
    await cache.close();
  }
}
