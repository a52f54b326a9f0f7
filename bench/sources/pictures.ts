import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { makePyramid } from '../../src/adapters/imaging/pyramid/make-pyramid.ts';
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
  const file = join(FOLDER, `${size.width}x${size.height}.tif`);
  if (!(await exists(file))) {
    say(`drawing a picture of ${size.width} x ${size.height} …`);
    await mkdir(FOLDER, { recursive: true });
    await makePyramid({ source: pictureOf(size), ...size, profile: null, file, quality: JPEG_QUALITY });
  }
  return { ...size, file };
}

/** Patches side by side; libvips makes them row by row, so that size costs no memory. */
function pictureOf({ width, height }: PictureSize): Sharp {
  const [right, bottom] = [Math.max(0, width - PATCH.width), Math.max(0, height - PATCH.height)];
  return sharp(drawPatch(), { raw: { ...PATCH, channels: 3 }, limitInputPixels: false })
    .extract({ left: 0, top: 0, width: Math.min(width, PATCH.width), height: Math.min(height, PATCH.height) })
    .extend({ right, bottom, extendWith: 'repeat' });
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
