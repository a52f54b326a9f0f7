import { createRequire } from 'node:module';
import type { ColourRaster } from './drawing/raster.ts';

/** The part of the OpenJPEG build that is used here; the package brings no types. */
interface Encoder {
  getDecodedBuffer(frame: {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned: boolean;
    isUsingColorTransform: boolean;
  }): Uint8Array;
  setDecompositions(levels: number): void;
  setQuality(lossless: boolean, layers: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}

type OpenCodec = (options: { print: () => void; printErr: () => void }) => Promise<{ J2KEncoder: new () => Encoder }>;

/** A multiple of every power of two in the encoder's parameters, so that a tile's wavelets and blocks start where they would alone. */
const TILE_SIDE = 512;
const START_OF_TILE_PART = 0xff90;
const END_OF_CODESTREAM = Buffer.from([0xff, 0xd9]);

/** A JP2 file of an RGB picture in tiles of 512 pixels; lossy, without visible loss. */
export async function encodeJpeg2000(raster: ColourRaster): Promise<Buffer> {
  const openCodec = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/wasmjs') as OpenCodec;
  const silent = (): void => {};
  const codec = await openCodec({ print: silent, printErr: silent });
  const { width, height, channels } = raster;
  const columns = Math.ceil(width / TILE_SIDE);
  const tiles = Array.from({ length: columns * Math.ceil(height / TILE_SIDE) }, (_, index) => {
    const tile = cutTile(raster, (index % columns) * TILE_SIDE, Math.floor(index / columns) * TILE_SIDE);
    return encodeTile(new codec.J2KEncoder(), tile);
  });
  return wrapCodestream(joinTiles(tiles, width, height), width, height, channels);
}

function cutTile({ width, height, channels, data }: ColourRaster, left: number, top: number): ColourRaster {
  const tileWidth = Math.min(TILE_SIDE, width - left);
  const tileHeight = Math.min(TILE_SIDE, height - top);
  const tile = new Uint8Array(tileWidth * tileHeight * channels);
  for (let row = 0; row < tileHeight; row += 1) {
    const start = ((top + row) * width + left) * channels;
    tile.set(data.subarray(start, start + tileWidth * channels), row * tileWidth * channels);
  }
  return { width: tileWidth, height: tileHeight, channels, data: tile };
}

/** The codestream of one tile as a picture of its own. */
function encodeTile(encoder: Encoder, { width, height, channels, data }: ColourRaster): Buffer {
  const frame = { width, height, bitsPerSample: 8, componentCount: channels, isSigned: false, isUsingColorTransform: true };
  encoder.getDecodedBuffer(frame).set(data);
  encoder.setDecompositions(5);
  encoder.setQuality(false, 1);
  encoder.encode();
  const codestream = Buffer.from(encoder.getEncodedBuffer());
  encoder.delete();
  return codestream;
}

/**
 * The encoder makes one tile only. Tiles that start at multiples of the block and wavelet sizes are the same bytes alone
 * and in company, so their tile-parts are put behind one main header, whose sizes and numbers are set right.
 * ITU-T T.800 (ISO/IEC 15444-1), A.4.2 (SOT) and A.5.1 (SIZ): https://www.itu.int/rec/T-REC-T.800
 */
function joinTiles(tiles: readonly Buffer[], width: number, height: number): Buffer {
  const [first] = tiles;
  if (first === undefined) {
    throw new Error('A picture has no tile.');
  }
  const header = Buffer.from(first.subarray(0, findTilePart(first)));
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  header.writeUInt32BE(TILE_SIDE, 24);
  header.writeUInt32BE(TILE_SIDE, 28);
  const parts = tiles.map((tile, index) => {
    const part = Buffer.from(tile.subarray(findTilePart(tile), tile.length - END_OF_CODESTREAM.length));
    part.writeUInt16BE(index, 4);
    return part;
  });
  return Buffer.concat([header, ...parts, END_OF_CODESTREAM]);
}

/** Where the first tile-part starts: behind the main header's marker segments. */
function findTilePart(codestream: Buffer): number {
  let at = 2;
  while (codestream.readUInt16BE(at) !== START_OF_TILE_PART) {
    at += 2 + codestream.readUInt16BE(at + 2);
  }
  return at;
}

/**
 * Puts a codestream into the boxes of a JP2 file: signature, file type, header (size and sRGB or gray), codestream.
 * ITU-T T.800 (ISO/IEC 15444-1), Annex I: https://www.itu.int/rec/T-REC-T.800
 */
export function wrapCodestream(codestream: Uint8Array, width: number, height: number, channels: number): Buffer {
  const size = Buffer.alloc(14);
  size.writeUInt32BE(height, 0);
  size.writeUInt32BE(width, 4);
  size.writeUInt16BE(channels, 8);
  size.writeUInt8(7, 10);
  size.writeUInt8(7, 11);
  const colourSpace = Buffer.from([1, 0, 0, 0, 0, 0, channels === 1 ? 17 : 16]);
  return Buffer.concat([
    box('jP  ', Buffer.from([0x0d, 0x0a, 0x87, 0x0a])),
    box('ftyp', Buffer.from('jp2 \0\0\0\0jp2 ', 'latin1')),
    box('jp2h', Buffer.concat([box('ihdr', size), box('colr', colourSpace)])),
    box('jp2c', codestream),
  ]);
}

function box(type: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
}
