import sharp from 'sharp';
import { ssim } from 'ssim.js';
import type { Picture } from './pictures.ts';

/** Larger answers are compared in their middle. */
const MOST_COMPARED = 1_024;

/** What an answer should look like: the region of the full size, decoded whole and reduced in one step with a good kernel. */
export async function makeReference({ file, width, height }: Picture, parameters: string): Promise<Buffer> {
  const [region = '', size = ''] = parameters.split('/');
  const numbers = (text: string) => text.split(',').map(Number);
  const [left = 0, top = 0, across = width, down = height] = region === 'full' ? [] : numbers(region);
  const [to = 0, by = 0] = numbers(size);
  return sharp(file, { page: 0, limitInputPixels: false })
    .extract({ left, top, width: across, height: down })
    .resize({ width: to, height: by, fit: 'fill', kernel: 'lanczos3' })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/** Structural similarity, 1 for equal. @throws where the sizes differ. */
export async function similarity(answer: Uint8Array, reference: Buffer): Promise<number> {
  const [a, b] = [await readMiddle(answer), await readMiddle(reference)];
  if (a.whole !== b.whole) throw new Error(`the answer has ${a.whole} pixels instead of ${b.whole}`);
  return ssim(a, b, { ssim: 'fast' }).mssim;
}

async function readMiddle(bytes: Uint8Array) {
  const image = sharp(bytes, { limitInputPixels: false });
  const { width, height } = await image.metadata();
  const [across, down] = [Math.min(width, MOST_COMPARED), Math.min(height, MOST_COMPARED)];
  const [left, top] = [Math.floor((width - across) / 2), Math.floor((height - down) / 2)];
  const raw = await image.extract({ left, top, width: across, height: down }).ensureAlpha().raw().toBuffer();
  return { data: new Uint8ClampedArray(raw), width: across, height: down, whole: `${width} x ${height}` };
}
