import { type Area, joinTiles } from './codestream-tiles.ts';
import { cropRaster } from './crop-raster.ts';
import { readRawHeader } from './jp2-header.ts';
import type { OpenjpegWorker } from './openjpeg-worker-host.ts';
import type { Raster } from './raster.ts';
import { bytesInMemory } from './read-bytes.ts';
import { wrapJp2 } from './wrap-jp2.ts';

/** A power of two, so that tiles encoded one by one can stand side by side; small, so that little memory is needed. */
const TILE = 1024;
const DECOMPOSITIONS = 5;
/** How many times smaller than the pixels: about what a JPEG of quality 85 comes to, or better. Little pictures have little to spare. */
const RATIO = { large: 8, small: 3 } as const;
const SMALL_PIXELS = 256 * 256;

/** A tiled JP2 file. `profile` is that of the pixels, null for sRGB and plain gray. The time limit is for all tiles together. */
export async function encodeJp2(
  raster: Raster,
  profile: Uint8Array | null,
  worker: OpenjpegWorker,
  timeLimitSeconds: number,
): Promise<Uint8Array> {
  const deadline = Date.now() + timeLimitSeconds * 1000;
  const pixels = raster.channels === 2 ? toColour(raster) : raster;
  const { width, height, channels } = pixels;
  const tiles: Array<{ bytes: Uint8Array; headerBytes: number }> = [];
  for (let y = 0; y < height; y += TILE) {
    for (let x = 0; x < width; x += TILE) {
      if (Date.now() > deadline) throw new Error('timeout between two tiles');
      const tile = cropRaster(pixels, { x, y, width: Math.min(TILE, width - x), height: Math.min(TILE, height - y) });
      const done = await worker.run({
        kind: 'encode',
        pixels: tile.data,
        width: tile.width,
        height: tile.height,
        channels,
        ratio: tile.width * tile.height <= SMALL_PIXELS ? RATIO.small : RATIO.large,
        decompositions: DECOMPOSITIONS,
      });
      tiles.push({ bytes: done.data, headerBytes: (await readRawHeader(bytesInMemory(done.data))).codestream.headerBytes });
    }
  }
  const area: Area = { x0: 0, y0: 0, x1: width, y1: height, tile: { x0: 0, y0: 0, width: TILE, height: TILE } };
  const colour = channels === 1 ? 'gray' : 'srgb';
  return wrapJp2(joinTiles(tiles, area), { width, height, components: channels, depth: 8, colour, profile, alpha: channels === 4 });
}

/** The encoder knows gray, colour, and colour with opacity. */
function toColour({ data, width, height }: Raster): Raster {
  const out = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) out.fill(data[i * 2] ?? 0, i * 4, i * 4 + 3).fill(data[i * 2 + 1] ?? 0, i * 4 + 3, i * 4 + 4);
  return { data: out, width, height, channels: 4 };
}
