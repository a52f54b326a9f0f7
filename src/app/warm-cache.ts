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

export interface WarmRun {
  readonly options: Options;
  readonly access: AccessModel;
  readonly paths: readonly string[];
  readonly wish: WarmWish;
  /** How many images are worked on at the same time. */
  readonly parallel: number;
  readonly log: Logger;
  /** Told how many images and wrong paths there are, before work begins. */
  onFound(total: number): void;
  /** How much of an image is done, 0 to 1. */
  onProgress(path: string, share: number): void;
  /** Told of each image, and of each path at which nothing is. */
  onImage(image: Warmed): void;
}

/** Fills the cache of a server with these options. Tells what is on disk then. */
export async function warmCache(run: WarmRun): Promise<CacheStats['disk']> {
  const { options, access, paths, wish, parallel, log, onFound, onProgress, onImage } = run;
  const { items, remote } = await openImages(options, log);
  // Pyramids that are there are read; making them is the business of the server, and of `vitrine pyramid`.
  const images = createImageReader(imagingOptions(options), openPyramids({ ...options, pyramidsAtOnce: 0 }, remote, log), remote);
  const kept = { ...options, derivativeMemoryMegabytes: 0, derivativeDiskKeeps: 'everything' } as const;
  const cache = openDerivatives(kept, log, purgeBeside(images, remote));
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
    const found = new Set<string>();
    const wrong: string[] = [];
    for (const path of paths) {
      const below = await findImages(items, path);
      if (below === null) wrong.push(path);
      else for await (const image of below) found.add(image);
    }
    onFound(found.size + wrong.length);
    for (const path of wrong) onImage({ path, made: 0, ready: 0, problem: 'There is no such image or folder.' });
    const queue = found.values();
    const workers = Array.from({ length: Math.min(parallel, found.size) }, async () => {
      for (const image of queue) onImage(await warmImage(deps, image, wish, (share) => onProgress(image, share)));
    });
    await Promise.all(workers);
    return (await cache.stats()).disk;
  } finally {
    await images.close();
    await cache.close();
  }
}
