/** The one place where libvips is set up: no caches of its own, one thread a picture, and no loader but those for the formats that we sniff. */
import sharp from 'sharp';

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadTiff',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadHeif',
    // From memory only: what we draw ourselves. An SVG file is no source.
    'VipsForeignLoadSvgBuffer',
  ],
});

/** What sharp takes as a time limit: whole seconds. */
export function timeLimit({ timeLimitSeconds }: { readonly timeLimitSeconds: number }): { seconds: number } {
  return { seconds: Math.min(3600, Math.max(1, Math.ceil(timeLimitSeconds))) };
}

export { sharp };
