/**
 * A TIFF of levels with JPEG tiles, written from the first byte to the last: tiles as they come, then the directories.
 * TIFF 6.0 sections 2 and 15, TIFF Technical Note 2, BigTIFF: https://www.awaresystems.be/imaging/tiff/bigtiff.html
 */
import type { FileHandle } from 'node:fs/promises';

export interface PyramidShape {
  /** Largest first. */
  readonly levels: ReadonlyArray<{ readonly width: number; readonly height: number }>;
  /** The side of all tiles. */
  readonly tile: number;
  readonly channels: 1 | 3;
  /** `JPEGTables` of all tiles. */
  readonly tables: Uint8Array;
  readonly profile: Uint8Array | null;
  /** How many samples an MCU has of luminance for one of chrominance, across and down. */
  readonly subsampling: readonly [number, number];
}

export interface PyramidWriter {
  /** A row of tiles of one level, whole and from left to right; the rows of a level in their order. */
  addRow(level: number, tiles: readonly Uint8Array[]): Promise<void>;
  /** Writes the directories. Nothing can be read before. */
  end(): Promise<void>;
}

interface LevelTiles {
  readonly width: number;
  readonly height: number;
  readonly offsets: Float64Array;
  readonly byteCounts: Uint32Array;
  /** How many tiles there are so far. */
  added: number;
}

const PHOTOMETRIC = { gray: 1, ycbcr: 6 } as const;
/** Of numbers in a directory: how many bytes each has. */
const BYTES_OF = { undefined: 1, short: 2, long: 4, long8: 8 } as const;
const TYPE_OF = { undefined: 7, short: 3, long: 4, long8: 16 } as const;
type NumberKind = keyof typeof BYTES_OF;

interface Entry {
  readonly tag: number;
  readonly kind: NumberKind;
  readonly values: ArrayLike<number>;
}

/** Above this a file may need numbers of 64 bits: at the best quality, noise takes more bytes than its pixels. */
const MOST_CLASSIC_PIXEL_BYTES = 2_000_000_000;

/** Everything is little-endian. */
export function createPyramidWriter(to: FileHandle, shape: PyramidShape): PyramidWriter {
  const levels = shape.levels.map((size) => emptyLevel(size, shape.tile));
  const pixels = shape.levels.reduce((sum, { width, height }) => sum + width * height, 0);
  const big = pixels * shape.channels > MOST_CLASSIC_PIXEL_BYTES;
  let at = big ? 16 : 8;
  return {
    async addRow(level, tiles) {
      const { offsets, byteCounts, added } = levelAt(levels, level);
      const start = at;
      tiles.forEach((tile, i) => {
        offsets[added + i] = at;
        byteCounts[added + i] = tile.length;
        at += tile.length;
      });
      levelAt(levels, level).added += tiles.length;
      await writeAll(to, Buffer.concat(tiles), start);
    },
    async end() {
      at += at % 2;
      let linkAt = big ? 8 : 4;
      await writeAll(to, Buffer.from(big ? [0x49, 0x49, 43, 0, 8, 0, 0, 0] : [0x49, 0x49, 42, 0]), 0);
      for (const [i, level] of levels.entries()) {
        await writeAll(to, numberBytes(at, big ? 'long8' : 'long'), linkAt);
        const directory = layOut(entriesOf(level, i, shape, big), at, big);
        await writeAll(to, directory.bytes, at);
        linkAt = at + directory.nextAt;
        at += directory.bytes.length;
      }
    },
  };
}

function emptyLevel({ width, height }: PyramidShape['levels'][number], tile: number): LevelTiles {
  const count = Math.ceil(width / tile) * Math.ceil(height / tile);
  return { width, height, offsets: new Float64Array(count), byteCounts: new Uint32Array(count), added: 0 };
}

function levelAt(levels: readonly LevelTiles[], index: number): LevelTiles {
  const level = levels[index];
  if (level === undefined) throw new Error(`There is no level ${index}`);
  return level;
}

async function writeAll(to: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await to.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}

function entriesOf(level: LevelTiles, index: number, shape: PyramidShape, big: boolean): readonly Entry[] {
  const { channels, tile, tables, profile, subsampling } = shape;
  const short = (tag: number, ...values: readonly number[]): Entry => ({ tag, kind: 'short', values });
  const long = (tag: number, value: number): Entry => ({ tag, kind: 'long', values: [value] });
  return [
    long(254, index > 0 ? 1 : 0),
    long(256, level.width),
    long(257, level.height),
    short(258, ...Array.from({ length: channels }, () => 8)),
    short(259, 7),
    short(262, channels === 1 ? PHOTOMETRIC.gray : PHOTOMETRIC.ycbcr),
    short(277, channels),
    short(284, 1),
    long(322, tile),
    long(323, tile),
    { tag: 324, kind: big ? 'long8' : 'long', values: level.offsets },
    { tag: 325, kind: 'long', values: level.byteCounts },
    { tag: 347, kind: 'undefined', values: tables },
    ...(channels === 1 ? [] : [short(530, ...subsampling)]),
    ...(profile === null || index > 0 ? [] : [{ tag: 34675, kind: 'undefined' as const, values: profile }]),
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
