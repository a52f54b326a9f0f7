import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePyramid } from '../../src/adapters/imaging/pyramid/make-pyramid.ts';
import type { PixelRows } from '../../src/adapters/imaging/pyramid/pixel-rows.ts';
import { drawPatch, PATCH } from './draw-patch.ts';
import type { PictureSize } from './tiles.ts';

/** Kept from run to run; git does not see it. */
const FOLDER = fileURLToPath(new URL('../.cache/pictures/', import.meta.url));

const JPEG_QUALITY = 85;

export interface Picture extends PictureSize {
  /** Absolute name. */
  readonly file: string;
}

/** A pyramid with JPEG tiles of 256 pixels, drawn by our code and made at the first run. */
export async function pyramidOf(size: PictureSize, say: (line: string) => void): Promise<Picture> {
  const { file, exists } = await pictureFile(size, 'tif');
  if (!exists) {
    say(`drawing a picture of ${size.width} x ${size.height} …`);
    await makePyramid({ source: rowsOf(size), ...size, profile: null, file, quality: JPEG_QUALITY });
  }
  return { ...size, file };
}

/** Patches side by side and below each other, given out row by row, so that size costs no memory. */
export function rowsOf({ width, height }: PictureSize): PixelRows {
  const patch = drawPatch();
  const channels = 3;
  return {
    width,
    height,
    channels,
    async read(top, into) {
      for (let at = 0, y = top; at < into.length; at += width * channels, y += 1) {
        const row = (y % PATCH.height) * PATCH.width * channels;
        for (let x = 0; x < width; x += PATCH.width) {
          const length = Math.min(PATCH.width, width - x) * channels;
          into.set(patch.subarray(row, row + length), at + x * channels);
        }
      }
    },
  };
}

/** Where a picture is kept, in a folder that is there. */
export async function pictureFile(size: PictureSize, suffix: string): Promise<{ readonly file: string; readonly exists: boolean }> {
  await mkdir(FOLDER, { recursive: true });
  const file = join(FOLDER, `${size.width}x${size.height}.${suffix}`);
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  return { file, exists };
}
