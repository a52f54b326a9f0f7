/**
 * Entries of a TIFF directory: numbers under tags, read as far as they are wanted.
 * TIFF 6.0 section 2, BigTIFF: https://www.awaresystems.be/imaging/tiff/bigtiff.html
 */
import type { ByteSource } from './read-bytes.ts';

export class TiffError extends Error {
  override readonly name = 'TiffError';
}

/** How a file writes its numbers. */
export interface TiffShape {
  readonly littleEndian: boolean;
  readonly big: boolean;
}

/** A list of numbers in a file. */
export interface TiffEntry {
  readonly type: number;
  readonly count: number;
  /** Where the first number stands. */
  readonly at: number;
}

export interface TiffEntries {
  readonly entries: ReadonlyMap<number, TiffEntry>;
  /** Where the next directory stands, 0 after the last one. */
  readonly next: number;
}

const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 7: 1, 13: 4, 16: 8, 18: 8 };

/** Byte order and kind of a file, and where its first directory stands. */
export async function readShape(bytes: ByteSource): Promise<TiffShape & { readonly first: number }> {
  const head = await bytes.read(0, 8);
  const littleEndian = head[0] === 0x49;
  const big = view(head).getUint16(2, littleEndian) === 43;
  if (!big) return { littleEndian, big, first: view(head).getUint32(4, littleEndian) };
  const rest = view(await bytes.read(8, 8));
  return { littleEndian, big, first: toOffset(rest.getBigUint64(0, littleEndian)) };
}

/** Throws `TiffError` or `TruncatedError` where there is no directory. */
export async function readEntries(bytes: ByteSource, { littleEndian, big }: TiffShape, at: number): Promise<TiffEntries> {
  const countBytes = big ? 8 : 2;
  const countView = view(await bytes.read(at, countBytes));
  const count = big ? toOffset(countView.getBigUint64(0, littleEndian)) : countView.getUint16(0, littleEndian);
  if (count === 0 || count > 4096) throw new TiffError(`A directory with ${count} entries`);
  const entryBytes = big ? 20 : 12;
  const start = at + countBytes;
  const body = view(await bytes.read(start, count * entryBytes));
  const entries = new Map<number, TiffEntry>();
  for (let i = 0; i < count; i++) {
    const offset = i * entryBytes;
    const type = body.getUint16(offset + 2, littleEndian);
    const stated = big ? toOffset(body.getBigUint64(offset + 4, littleEndian)) : body.getUint32(offset + 4, littleEndian);
    const valueAt = offset + (big ? 12 : 8);
    const isInside = stated * (TYPE_BYTES[type] ?? 1) <= (big ? 8 : 4);
    const elsewhere = () => (big ? toOffset(body.getBigUint64(valueAt, littleEndian)) : body.getUint32(valueAt, littleEndian));
    entries.set(body.getUint16(offset, littleEndian), { type, count: stated, at: isInside ? start + valueAt : elsewhere() });
  }
  const end = view(await bytes.read(start + count * entryBytes, big ? 8 : 4));
  return { entries, next: big ? toOffset(end.getBigUint64(0, littleEndian)) : end.getUint32(0, littleEndian) };
}

/** The numbers of an entry, at most so many; none where it holds something else. */
export async function readNumbers(
  bytes: ByteSource,
  shape: TiffShape,
  entry: TiffEntry | undefined,
  most: number,
): Promise<readonly number[]> {
  const each = entry === undefined ? undefined : TYPE_BYTES[entry.type];
  if (entry === undefined || each === undefined) return [];
  const count = Math.min(entry.count, most);
  const data = view(await bytes.read(entry.at, count * each));
  return Array.from({ length: count }, (_, i) => numberAt(data, i, each, shape.littleEndian));
}

/** More than the tables of any JPEG, and than almost every profile. */
const MOST_BYTES = 4_000_000;

/** An entry as bytes. Throws `TiffError` where it is unreasonably long. */
export async function readBytesOf(bytes: ByteSource, { count, at }: TiffEntry): Promise<Uint8Array> {
  if (count > MOST_BYTES) throw new TiffError(`An entry of ${count} bytes`);
  return bytes.read(at, count);
}

function numberAt(data: DataView, index: number, each: number, littleEndian: boolean): number {
  if (each === 1) return data.getUint8(index);
  if (each === 2) return data.getUint16(index * 2, littleEndian);
  if (each === 4) return data.getUint32(index * 4, littleEndian);
  return toOffset(data.getBigUint64(index * 8, littleEndian));
}

function toOffset(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new TiffError('An offset beyond any file');
  return Number(value);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
