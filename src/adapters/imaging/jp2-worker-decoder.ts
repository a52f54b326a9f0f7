/** JPEG 2000 by WebAssembly in a worker process. It decodes whole codestreams only, so tiles are taken out of the file first. */
import { canTakeTiles, listTileParts, selectTiles, tilesOf } from './codestream-tiles.ts';
import { cropRaster } from './crop-raster.ts';
import { type Jp2Decoder, Jp2TooLargeError, Jp2UnsupportedError, reducedSize, toEightBits } from './jp2-decoder.ts';
import { Jp2Error, type Jp2Header } from './jp2-header.ts';
import type { OpenjpegDone } from './openjpeg-task.ts';
import type { OpenjpegWorker } from './openjpeg-worker-host.ts';
import type { Raster, Rect, Size } from './raster.ts';
import { type ByteSource, withBytes } from './read-bytes.ts';
import { sharp } from './sharp-library.ts';
import { type Jp2Wrapping, wrapJp2 } from './wrap-jp2.ts';
import { wrapTiff } from './wrap-tiff.ts';

/** The library holds 4 bytes for every sample; together with copies of the result this stays in the memory of one render. */
const MAX_SAMPLES = 96_000_000;

export function createJp2WorkerDecoder(worker: OpenjpegWorker): Jp2Decoder {
  return {
    readsRegions: ({ codestream }) => canTakeTiles(codestream),
    decode: (file, header, rect, reduce) => withBytes(file, (bytes) => decodeRect(worker, bytes, header, rect, reduce)),
  };
}

async function decodeRect(worker: OpenjpegWorker, bytes: ByteSource, header: Jp2Header, rect: Rect, reduce: number): Promise<Raster> {
  const part = await takePart(bytes, header, rect);
  const size = reducedSize(header, part.covers, reduce);
  const samples = size.width * size.height * header.codestream.components.length;
  if (samples > MAX_SAMPLES)
    throw new Jp2TooLargeError(`${samples} samples at once; with opj_decompress installed they are read by region`);
  const raster = await decodePart(worker, part, header, size, reduce);
  const start = reducedSize(header, { ...part.covers, width: rect.x - part.covers.x, height: rect.y - part.covers.y }, reduce);
  const wanted = reducedSize(header, rect, reduce);
  return cropRaster(raster, { x: start.width, y: start.height, ...wanted });
}

interface Part {
  readonly codestream: Uint8Array;
  readonly covers: Rect;
}

/** The tiles that the rectangle touches, or everything where tiles cannot be taken out. */
async function takePart(bytes: ByteSource, header: Jp2Header, rect: Rect): Promise<Part> {
  const { codestream } = header;
  const { x0, y0, x1, y1, tile } = codestream;
  const parts = await listTileParts(bytes, header);
  if (canTakeTiles(codestream)) {
    const range = tilesOf(codestream, rect);
    const selected = await selectTiles(bytes, header, parts, range);
    const left = Math.max(0, tile.x0 + range.column * tile.width - x0);
    const top = Math.max(0, tile.y0 + range.row * tile.height - y0);
    const right = Math.min(x1, tile.x0 + (range.column + range.columns) * tile.width) - x0;
    const bottom = Math.min(y1, tile.y0 + (range.row + range.rows) * tile.height) - y0;
    if (selected !== null) return { codestream: selected, covers: { x: left, y: top, width: right - left, height: bottom - top } };
  }
  const all = await bytes.read(header.offset, header.length);
  return { codestream: all, covers: { x: 0, y: 0, width: x1 - x0, height: y1 - y0 } };
}

async function decodePart(worker: OpenjpegWorker, part: Part, header: Jp2Header, size: Size, reduce: number): Promise<Raster> {
  const { components } = header.codestream;
  const depth = Math.max(...components.map((component) => component.depth));
  const wrapping = wrappingOf(header, part.covers, depth);
  const decodeSome = async (more: Partial<Jp2Wrapping>): Promise<OpenjpegDone> =>
    trim(
      await worker.run({ kind: 'decode', bytes: wrapJp2(part.codestream, { ...wrapping, ...more }), reduce }),
      part.covers,
      size,
      reduce,
    );
  const colours = async (more: Partial<Jp2Wrapping>): Promise<Uint8Array> => {
    const { data, channels } = await decodeSome(more);
    if (channels !== 3) throw new Jp2UnsupportedError(`${channels} channels where three were expected`);
    return data;
  };

  if (needsConversion(header)) {
    checkConversion(header, depth);
    return { data: await colours({}), ...size, channels: 3 };
  }
  if (header.palette !== null) throw new Jp2UnsupportedError('a palette needs opj_decompress');
  if (depth > 16) throw new Jp2UnsupportedError(`${depth} bits`);
  const wanted = components.length >= 3 ? (header.alpha ? 4 : 3) : header.alpha ? 2 : 1;
  const plain = components.every((component) => component.depth === 8 && !component.signed);
  if (plain && wanted === 3) return inSrgb({ data: await colours({ select: [0, 1, 2] }), ...size, channels: 3 }, 8, header.profile);

  const planes: ArrayLike<number>[] = [];
  if (plain && wanted === 4) planes.push(...splitColours(await colours({ select: [0, 1, 2] })));
  for (const component of components.slice(planes.length, wanted)) {
    const select = [planes.length];
    planes.push(toPlane(await decodeSome({ depth: component.depth, colour: 'gray', select }), component, size));
  }
  if (planes.length < wanted) throw new Jp2UnsupportedError('fewer components than channels');
  return mergePlanes(planes, size, depth, header.profile);
}

/** The library rounds up the halved size whatever the offset on the reference grid, so that a column or a row may be too many. */
function trim(done: OpenjpegDone, covers: Rect, size: Size, reduce: number): OpenjpegDone {
  const width = Math.ceil(covers.width / 2 ** reduce);
  const height = Math.ceil(covers.height / 2 ** reduce);
  const pixelBytes = done.channels * (done.depth > 8 ? 2 : 1);
  if (done.data.length !== width * height * pixelBytes) throw new Jp2Error(`${done.data.length} bytes were decoded`);
  if (width === size.width && height === size.height) return done;
  const data = new Uint8Array(size.width * size.height * pixelBytes);
  for (let row = 0; row < size.height; row++) {
    const from = row * width * pixelBytes;
    data.set(done.data.subarray(from, from + size.width * pixelBytes), row * size.width * pixelBytes);
  }
  return { ...done, data };
}

/** The library converts these colour models itself, and puts out 8-bit colour. */
function needsConversion({ codestream, colourSpace }: Jp2Header): boolean {
  return colourSpace === 'sycc' || colourSpace === 'cmyk' || codestream.components.some(({ dx, dy }) => dx !== 1 || dy !== 1);
}

function checkConversion({ codestream, colourSpace }: Jp2Header, depth: number): void {
  const known = codestream.components.length === (colourSpace === 'cmyk' ? 4 : 3);
  if (depth > 8 || !known) throw new Jp2UnsupportedError('this colour model needs opj_decompress');
}

function wrappingOf({ codestream, colourSpace }: Jp2Header, { width, height }: Rect, depth: number): Jp2Wrapping {
  const count = codestream.components.length;
  const colour = colourSpace === 'cmyk' || colourSpace === 'sycc' ? colourSpace : count < 3 ? 'gray' : 'srgb';
  return { width, height, components: count, depth, colour, profile: null, alpha: false };
}

function splitColours(data: Uint8Array): Uint8Array[] {
  const count = data.length / 3;
  return [0, 1, 2].map((c) => {
    const plane = new Uint8Array(count);
    for (let i = 0; i < count; i++) plane[i] = data[i * 3 + c] ?? 0;
    return plane;
  });
}

function toPlane(done: OpenjpegDone, { depth, signed }: { depth: number; signed: boolean }, size: Size): ArrayLike<number> {
  const count = size.width * size.height;
  const half = 2 ** (depth - 1);
  if (depth <= 8) return signed ? Int8Array.from(done.data.subarray(0, count)).map((value) => value + half) : done.data.subarray(0, count);
  // A message from another process begins at any byte, and samples of two begin at an even one.
  const { buffer } = done.data.slice();
  if (!signed) return new Uint16Array(buffer, 0, count);
  const values = new Int16Array(buffer, 0, count);
  return Uint16Array.from(values, (value) => value + half);
}

/** Samples are brought to 16 bits where a profile has to be applied to them, else to 8. */
function mergePlanes(
  planes: readonly ArrayLike<number>[],
  size: Size,
  depth: number,
  profile: Uint8Array | null,
): Promise<Raster> | Raster {
  const channels = planes.length as Raster['channels'];
  const count = size.width * size.height;
  const maximum = 2 ** depth - 1;
  if (depth > 8 && profile !== null) {
    const wide = new Uint16Array(count * channels);
    const factor = 65_535 / maximum;
    planes.forEach((plane, c) => {
      for (let i = 0; i < count; i++) wide[i * channels + c] = Math.round((plane[i] ?? 0) * factor);
    });
    return inSrgb({ data: new Uint8Array(wide.buffer), ...size, channels }, 16, profile);
  }
  const data = new Uint8Array(count * channels);
  planes.forEach((plane, c) => {
    const bytes = depth === 8 ? plane : toEightBits(plane, maximum);
    for (let i = 0; i < count; i++) data[i * channels + c] = bytes[i] ?? 0;
  });
  return inSrgb({ data, ...size, channels }, 8, profile);
}

async function inSrgb(raster: Raster, depth: 8 | 16, profile: Uint8Array | null): Promise<Raster> {
  if (profile === null) return raster;
  const gray = raster.channels < 3;
  const wrapped = wrapTiff({ ...raster, depth, colour: gray ? 'gray' : 'rgb', alpha: raster.channels % 2 === 0, profile });
  const pipeline = sharp(wrapped, { limitInputPixels: false }).toColourspace(gray ? 'b-w' : 'srgb');
  const viaP3 = depth === 16 && !gray ? pipeline.withIccProfile('srgb', { attach: false }) : pipeline;
  const { data, info } = await viaP3.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}
