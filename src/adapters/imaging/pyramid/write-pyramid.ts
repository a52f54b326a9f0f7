/**
 * One TIFF of several: directories of JPEG tiles put into a chain, with the bytes of the tiles as they are.
 * TIFF 6.0 sections 2 and 15, TIFF Technical Note 2, BigTIFF: https://www.awaresystems.be/imaging/tiff/bigtiff.html
 */
import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../read-bytes.ts';
import type { JpegTileIndex } from '../tiff-tile-index.ts';

export interface PyramidLevel {
  readonly index: JpegTileIndex;
  /** `JPEGTables`, as they stand in the directory. */
  readonly tables: Uint8Array;
  /** Of the file that the index is of. */
  readonly bytes: ByteSource;
}

export interface Pyramid {
  /** Largest first. */
  readonly levels: readonly PyramidLevel[];
  readonly profile: Uint8Array | null;
  /** How many samples an MCU has of luminance for one of chrominance, across and down. */
  readonly subsampling: readonly [number, number];
}

const PHOTOMETRIC = { gray: 1, rgb: 2, ycbcr: 6 } as const;
/** Of numbers in a directory: how many bytes each has. */
const BYTES_OF = { undefined: 1, short: 2, long: 4, long8: 8 } as const;
const TYPE_OF = { undefined: 7, short: 3, long: 4, long8: 16 } as const;
type NumberKind = keyof typeof BYTES_OF;

interface Entry {
  readonly tag: number;
  readonly kind: NumberKind;
  readonly values: ArrayLike<number>;
}

/** Above this a file needs numbers of 64 bits; some room is left for directories. */
const MOST_CLASSIC_BYTES = 0xf000_0000;
const COPY_BYTES = 4_000_000;

/** Writes the whole file. Everything is little-endian, the tiles of small levels first, the directories at the end. */
export async function writePyramid(to: FileHandle, { levels, profile, subsampling }: Pyramid): Promise<void> {
  const total = levels.reduce((sum, { index }) => sum + index.byteCounts.reduce((bytes, each) => bytes + each, 0), 0);
  const big = total > MOST_CLASSIC_BYTES;
  let at = big ? 16 : 8;
  const places = new Map<PyramidLevel, Float64Array>();
  for (const level of levels.toReversed()) {
    const offsets = new Float64Array(level.index.offsets.length);
    places.set(level, offsets);
    at = await copyTilesOf(level, to, at, offsets);
  }
  at += at % 2;
  let linkAt = big ? 8 : 4;
  await to.write(Buffer.from(big ? [0x49, 0x49, 43, 0, 8, 0, 0, 0] : [0x49, 0x49, 42, 0]), 0, big ? 8 : 4, 0);
  for (const [i, level] of levels.entries()) {
    await to.write(numberBytes(at, big ? 'long8' : 'long'), 0, big ? 8 : 4, linkAt);
    const entries = entriesOf(level, places.get(level) ?? new Float64Array(), i > 0, {
      profile: i === 0 ? profile : null,
      subsampling,
      big,
    });
    const directory = layOut(entries, at, big);
    await to.write(directory.bytes, 0, directory.bytes.length, at);
    linkAt = at + directory.nextAt;
    at += directory.bytes.length;
  }
  await to.truncate(at);
}

/** Tiles stand in their order, so that neighbours are read together. Empty ones stay empty. */
async function copyTilesOf({ index, bytes }: PyramidLevel, to: FileHandle, start: number, offsets: Float64Array): Promise<number> {
  let at = start;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  const flush = async () => {
    const whole = Buffer.concat(waiting);
    await to.write(whole, 0, whole.length, at - whole.length);
    waiting = [];
    waitingBytes = 0;
  };
  for (let i = 0; i < offsets.length; i++) {
    const length = index.byteCounts[i] ?? 0;
    if (length === 0) continue;
    waiting.push(await bytes.read(index.offsets[i] ?? 0, length));
    offsets[i] = at;
    at += length;
    waitingBytes += length;
    if (waitingBytes >= COPY_BYTES) await flush();
  }
  if (waitingBytes > 0) await flush();
  return at;
}

function entriesOf(
  { index, tables }: PyramidLevel,
  offsets: Float64Array,
  isReduced: boolean,
  { profile, subsampling, big }: { profile: Uint8Array | null; subsampling: readonly [number, number]; big: boolean },
): readonly Entry[] {
  const samples = index.colour === 'gray' ? 1 : 3;
  const short = (tag: number, ...values: readonly number[]): Entry => ({ tag, kind: 'short', values });
  const long = (tag: number, value: number): Entry => ({ tag, kind: 'long', values: [value] });
  return [
    long(254, isReduced ? 1 : 0),
    long(256, index.width),
    long(257, index.height),
    short(258, ...Array.from({ length: samples }, () => 8)),
    short(259, 7),
    short(262, PHOTOMETRIC[index.colour]),
    short(277, samples),
    short(284, 1),
    long(322, index.tile.width),
    long(323, index.tile.height),
    { tag: 324, kind: big ? 'long8' : 'long', values: offsets },
    { tag: 325, kind: 'long', values: index.byteCounts },
    { tag: 347, kind: 'undefined', values: tables },
    ...(index.colour === 'ycbcr' ? [short(530, ...subsampling)] : []),
    ...(profile === null ? [] : [{ tag: 34675, kind: 'undefined' as const, values: profile }]),
  ];
}

/** A directory with its long values behind it, all at `at`; and where in it the place of the next directory is written. */
function layOut(entries: readonly Entry[], at: number, big: boolean): { readonly bytes: Buffer; readonly nextAt: number } {
  const [countBytes, entryBytes, placeBytes] = big ? [8, 20, 8] : [2, 12, 4];
  const nextAt = countBytes + entries.length * entryBytes;
  const head = Buffer.alloc(nextAt + placeBytes);
  head.set(numberBytes(entries.length, big ? 'long8' : 'short'));
  const behind: Buffer[] = [head];
  let end = head.length;
  entries.forEach(({ tag, kind, values }, i) => {
    const entryAt = countBytes + i * entryBytes;
    head.writeUInt16LE(tag, entryAt);
    head.writeUInt16LE(TYPE_OF[kind], entryAt + 2);
    head.set(numberBytes(values.length, big ? 'long8' : 'long'), entryAt + 4);
    const data = numbersBytes(values, kind);
    const valueAt = entryAt + 4 + placeBytes;
    if (data.length <= placeBytes) {
      head.set(data, valueAt);
      return;
    }
    head.set(numberBytes(at + end, big ? 'long8' : 'long'), valueAt);
    const padded = data.length % 2 === 0 ? data : Buffer.concat([data, Buffer.alloc(1)]);
    behind.push(padded);
    end += padded.length;
  });
  return { bytes: Buffer.concat(behind), nextAt };
}

function numberBytes(value: number, kind: NumberKind): Buffer {
  return numbersBytes([value], kind);
}

function numbersBytes(values: ArrayLike<number>, kind: NumberKind): Buffer {
  const each = BYTES_OF[kind];
  const data = Buffer.alloc(values.length * each);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (kind === 'undefined') data[i] = value;
    else if (kind === 'short') data.writeUInt16LE(value, i * 2);
    else if (kind === 'long') data.writeUInt32LE(value, i * 4);
    else data.writeBigUInt64LE(BigInt(value), i * 8);
  }
  return data;
}
