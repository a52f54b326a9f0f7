import { assembleTiff, basics, type RawDirectory, strips, type TiffKind, tiles } from './assemble-tiff.ts';
import type { Picture } from './pictures.ts';

/** A directory to be written by hand: uncompressed RGB, in one strip or in square tiles. */
export interface Directory {
  readonly picture: Picture;
  readonly tile?: number;
  readonly subfileType?: number;
  readonly sub?: readonly Directory[];
}

export function writeTiff(directories: readonly Directory[], kind: TiffKind = {}): Buffer {
  return assembleTiff(directories.map(toRaw), kind);
}

function toRaw({ picture, tile, subfileType = 0, sub = [] }: Directory): RawDirectory {
  const stored = tile === undefined ? strips(picture.height, [Buffer.from(picture.data)]) : tiles(tile, tilesOf(picture, tile));
  return { entries: [[254, 4, [subfileType]], ...basics(picture.width, picture.height, 1, 2), ...stored], sub: sub.map(toRaw) };
}

/** Square blocks of pixels, row by row, black beyond the edge. */
export function tilesOf({ data, width, height, channels }: Picture, tile: number): Buffer[] {
  const blocks: Buffer[] = [];
  for (let y = 0; y < height; y += tile) {
    for (let x = 0; x < width; x += tile) {
      const block = Buffer.alloc(tile * tile * channels);
      for (let row = 0; row < Math.min(tile, height - y); row++) {
        const from = ((y + row) * width + x) * channels;
        block.set(data.subarray(from, from + Math.min(tile, width - x) * channels), row * tile * channels);
      }
      blocks.push(block);
    }
  }
  return blocks;
}
