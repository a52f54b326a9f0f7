import turbo from '@julusian/jpeg-turbo';
import type { ImagingOptions } from './imaging-options.ts';
import type { Raster } from './raster.ts';
import type { Scratch } from './scratch.ts';

/** One complete JPEG, decoded off the event loop. Rejects where it is damaged or has not just the pixels that fill `into`. */
export async function decodeJpeg(jpeg: Uint8Array, channels: 1 | 3, into: Buffer): Promise<void> {
  await turbo.decompress(asBuffer(jpeg), into, { format: channels === 1 ? turbo.FORMAT_GRAY : turbo.FORMAT_RGB });
}

/** Encoded off the event loop, in less than a pipeline of libvips takes; without opacity. */
export async function encodeJpeg(
  { data, width, height, channels }: Raster,
  { jpegQuality, jpegSubsampling }: Pick<ImagingOptions, 'jpegQuality' | 'jpegSubsampling'>,
  scratch: Scratch,
): Promise<Uint8Array> {
  const gray = channels === 1;
  const colourSubsampling = jpegSubsampling === '4:2:0' ? turbo.SAMP_420 : turbo.SAMP_444;
  const subsampling = gray ? turbo.SAMP_GRAY : colourSubsampling;
  const format = gray ? turbo.FORMAT_GRAY : turbo.FORMAT_RGB;
  // As much as the worst picture needs, of which an ordinary one leaves nearly all.
  const room = scratch.take(turbo.bufferSize({ width, height, subsampling }));
  try {
    return Uint8Array.from(await turbo.compress(asBuffer(data), room, { format, width, height, quality: jpegQuality, subsampling }));
  } finally {
    scratch.giveBack(room);
  }
}

/** The same bytes, not a copy. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
