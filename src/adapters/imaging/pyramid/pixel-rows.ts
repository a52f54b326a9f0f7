import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sharp } from 'sharp';

/** A picture that is read from top to bottom, a few rows at a time: 8 bits a sample, interleaved. */
export interface PixelRows {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Fills `into` with whole rows from row `top` on. Rows are asked for in their order. */
  read(top: number, into: Uint8Array): Promise<void>;
}

/** A file of libvips' own format begins with so many bytes; the pixels follow, row by row. */
const HEADER_BYTES = 64;

/**
 * Lends the rows of what a pipeline makes. libvips gives out rows only as a file, so for that time they stand uncompressed
 * in a file in `folder`; memory holds a few rows, however large the picture is.
 */
export async function withRowsOf<T>(pipeline: Sharp, folder: string, use: (rows: PixelRows) => Promise<T>): Promise<T> {
  const file = join(folder, 'pixels.v');
  const { width, height, channels } = await pipeline.toFile(file);
  if (channels !== 1 && channels !== 3) throw new Error(`${channels} channels instead of 1 or 3`);
  const handle = await open(file, 'r');
  try {
    return await use({ width, height, channels, read: (top, into) => readFully(handle, HEADER_BYTES + top * width * channels, into) });
  } finally {
    await handle.close();
  }
}

async function readFully(handle: FileHandle, from: number, into: Uint8Array): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, from + done);
    if (bytesRead === 0) throw new Error('The file of pixels is too short');
    done += bytesRead;
  }
}
