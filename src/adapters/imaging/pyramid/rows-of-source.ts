import type { Sharp } from 'sharp';
import type { Item } from '../../../domain/item.ts';
import { listTileParts } from '../codestream-tiles.ts';
import type { ImagingOptions } from '../imaging-options.ts';
import type { Jp2Decoder } from '../jp2-decoder.ts';
import type { Jp2Header } from '../jp2-header.ts';
import { keepsOwnProfile } from '../keeps-profile.ts';
import type { Raster } from '../raster.ts';
import { withBytes } from '../read-bytes.ts';
import { openWhole } from '../read-pixels.ts';
import type { SourceLayout } from '../source-layout.ts';
import type { PixelRows } from './pixel-rows.ts';

/** What one run of a decoder of JPEG 2000 makes. Each run reads the whole file again, so they are few. */
const DECODED_PIXELS = 16_000_000;
/** On this grid all resolutions have a pixel boundary, and so have the tiles of a pyramid. */
const GRID_ROWS = 256;

/** A source at its full size, as it is stored, in the colours that answers have. */
export async function rowsOfSource(
  item: Item,
  layout: SourceLayout,
  options: ImagingOptions,
  jp2Decoder: () => Promise<Jp2Decoder>,
): Promise<Sharp | PixelRows> {
  const keepProfile = keepsOwnProfile(layout, options);
  if (layout.jp2 === null) return openWhole(item.source.file, layout, { ...options, keepProfile });
  const { jp2 } = layout;
  // A file that is cut off decodes to a picture that is gray in part.
  await withBytes(item.source.file, (bytes) => listTileParts(bytes, jp2));
  return rowsOfJp2(item.source.file, jp2, layout, await jp2Decoder());
}

/** Of JPEG 2000, a few runs of the decoder after each other; in one where it reads no parts. */
export function rowsOfJp2(file: string, header: Jp2Header, { stored, gray }: SourceLayout, decoder: Jp2Decoder): PixelRows {
  const { width, height } = stored;
  const channels = gray ? 1 : 3;
  const most = Math.max(1, Math.floor(DECODED_PIXELS / width / GRID_ROWS)) * GRID_ROWS;
  const count = decoder.readsRegions(header) ? most : height;
  let band: (Raster & { readonly top: number }) | null = null;

  async function bandAt(top: number): Promise<Raster & { readonly top: number }> {
    if (band !== null && top >= band.top && top < band.top + band.height) return band;
    const from = Math.floor(top / count) * count;
    const rect = { x: 0, y: from, width, height: Math.min(count, height - from) };
    const raster = await decoder.decode(file, header, rect, 0);
    if (raster.width !== width || raster.channels !== channels) throw new Error(`${raster.channels} channels of ${raster.width} columns`);
    band = { ...raster, top: from };
    return band;
  }

  return {
    width,
    height,
    channels,
    async read(top, into) {
      const stride = width * channels;
      for (let done = 0; done < into.length; ) {
        const { data, height: rows, top: bandTop } = await bandAt(top + done / stride);
        const from = (top - bandTop) * stride + done;
        const part = data.subarray(from, Math.min(rows * stride, from + into.length - done));
        into.set(part, done);
        done += part.length;
      }
    },
  };
}
