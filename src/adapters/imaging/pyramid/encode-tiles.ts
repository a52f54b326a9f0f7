/** Tiles as TIFF stores them: JPEG streams whose tables stand once, in the directory. TIFF Technical Note 2. */
import turbo from '@julusian/jpeg-turbo';
import { concatenate } from '../jpeg/write-head.ts';

/** How chrominance is stored: for each pixel, or for four together. */
export type Subsampling = '4:4:4' | '4:2:0';

export interface TileCoding {
  readonly quality: number;
  readonly subsampling: Subsampling;
}

/** Rows of a level, and which of them are pixels of the picture: the first `rows`, each of `width`. */
interface Band {
  readonly data: Uint8Array;
  readonly width: number;
  readonly rows: number;
  readonly channels: 1 | 3;
}

const DQT = 0xdb;
const DHT = 0xc4;
const SOS = 0xda;
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1]);
const [START, END] = [Uint8Array.of(0xff, 0xd8), Uint8Array.of(0xff, 0xd9)];

/** `JPEGTables` of all tiles of this coding. */
export function tablesFor(side: number, channels: 1 | 3, coding: TileCoding): Uint8Array {
  const segments = segmentsOf(compress(Buffer.alloc(side * side * channels), side, channels, coding));
  return concatenate([START, ...segments.filter(({ marker }) => marker === DQT || marker === DHT).map(({ bytes }) => bytes), END]);
}

/** The tiles of a band, from left to right, without their tables. What is beyond the picture repeats its edge. */
export function encodeTiles(band: Band, side: number, coding: TileCoding): readonly Uint8Array[] {
  const pixels = Buffer.alloc(side * side * band.channels);
  return Array.from({ length: Math.ceil(band.width / side) }, (_, column) => {
    cutTile(band, column * side, side, pixels);
    return withoutTables(compress(pixels, side, band.channels, coding));
  });
}

function compress(pixels: Buffer, side: number, channels: 1 | 3, { quality, subsampling }: TileCoding): Buffer {
  const format = channels === 1 ? turbo.FORMAT_GRAY : turbo.FORMAT_RGB;
  const sampling = channels === 1 ? turbo.SAMP_GRAY : subsampling === '4:2:0' ? turbo.SAMP_420 : turbo.SAMP_444;
  return turbo.compressSync(pixels, { format, width: side, height: side, subsampling: sampling, quality });
}

function cutTile({ data, width, rows, channels }: Band, left: number, side: number, into: Buffer): void {
  const columns = Math.min(side, width - left);
  for (let row = 0; row < side; row++) {
    const from = (Math.min(row, rows - 1) * width + left) * channels;
    const to = row * side * channels;
    into.set(data.subarray(from, from + columns * channels), to);
    for (let x = columns; x < side; x++) into.copyWithin(to + x * channels, to + (columns - 1) * channels, to + columns * channels);
  }
}

interface Segment {
  readonly marker: number;
  readonly bytes: Uint8Array;
}

/** Up to the scan, which goes to the end. */
function segmentsOf(jpeg: Uint8Array): readonly Segment[] {
  const segments: Segment[] = [];
  for (let at = 2; at + 4 <= jpeg.length; ) {
    const marker = jpeg[at + 1] ?? 0;
    const end = marker === SOS ? jpeg.length : at + 2 + (((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0));
    segments.push({ marker, bytes: jpeg.subarray(at, end) });
    at = end;
  }
  return segments;
}

function withoutTables(jpeg: Uint8Array): Uint8Array {
  const kept = segmentsOf(jpeg).filter(({ marker }) => FRAMES.has(marker) || marker === SOS);
  return concatenate([START, ...kept.map(({ bytes }) => bytes)]);
}
