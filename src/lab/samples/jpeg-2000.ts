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
  setTileSize(size: { width: number; height: number }): void;
  setProgressionOrder(order: number): void;
  setQuality(lossless: boolean, rate: number): void;
  setCompressionRatio(ratio: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}

type OpenCodec = (options: { print: () => void; printErr: () => void }) => Promise<{ J2KEncoder: new () => Encoder }>;

const TILE_SIDE = 512;

/** A JP2 file of an RGB picture: 512-pixel tiles, lossless to the eye at about a ninth of the size. */
export async function encodeJpeg2000(raster: ColourRaster): Promise<Buffer> {
  const openCodec = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/wasmjs') as OpenCodec;
  const silent = (): void => {};
  const codec = await openCodec({ print: silent, printErr: silent });
  const encoder = new codec.J2KEncoder();
  const { width, height, channels, data } = raster;
  const frame = { width, height, bitsPerSample: 8, componentCount: channels, isSigned: false, isUsingColorTransform: true };
  encoder.getDecodedBuffer(frame).set(data);
  encoder.setDecompositions(5);
  encoder.setTileSize({ width: TILE_SIDE, height: TILE_SIDE });
  encoder.setQuality(false, 9);
  encoder.encode();
  const file = wrapCodestream(encoder.getEncodedBuffer(), width, height, channels);
  encoder.delete();
  return file;
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
