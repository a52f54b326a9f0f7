import { execFile } from 'node:child_process';
import { open, rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { installFromDebian } from '../contestants/debian.ts';
import { type Picture, pictureFile, rowsOf } from './pictures.ts';
import type { PictureSize } from './tiles.ts';

const run = promisify(execFile);
const ROWS_AT_ONCE = 100;

/**
 * A tiled JPEG 2000 file as libraries keep them: tiles of 512 pixels, six resolutions, a tenth of the bytes. It is made by
 * opj_compress, which is installed; kept from run to run. @throws where that cannot be had.
 */
export async function jpeg2000Of(size: PictureSize, say: (line: string) => void): Promise<Picture> {
  const { file, exists } = await pictureFile(size, 'jp2');
  if (exists) return { ...size, file };
  const missing = await installFromDebian(['libopenjp2-tools']);
  if (missing !== null) throw new Error(`There is no JPEG 2000 picture: ${missing}.`);
  say(`making a JPEG 2000 picture of ${size.width} x ${size.height} …`);
  const [pixels, made] = [`${file}.ppm`, `${file}.unfinished.jp2`];
  try {
    await writePixels(size, pixels);
    await run('opj_compress', ['-i', pixels, '-o', made, '-t', '512,512', '-n', '6', '-r', '10', '-I']);
    await rename(made, file);
  } finally {
    for (const left of [pixels, made]) await rm(left, { force: true });
  }
  return { ...size, file };
}

async function writePixels(size: PictureSize, file: string): Promise<void> {
  const rows = rowsOf(size);
  const to = await open(file, 'w');
  try {
    await to.write(`P6\n${size.width} ${size.height}\n255\n`);
    for (let top = 0; top < size.height; top += ROWS_AT_ONCE) {
      const some = new Uint8Array(Math.min(ROWS_AT_ONCE, size.height - top) * size.width * rows.channels);
      await rows.read(top, some);
      await to.writeFile(some);
    }
  } finally {
    await to.close();
  }
}
