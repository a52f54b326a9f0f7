/** The ISO base media file format: ISO/IEC 14496-12, boxes `mvhd` (8.2.2), `tkhd` (8.3.2) and `mehd` (8.8.2). QuickTime has the same. */
import type { MediaDescription } from '../../domain/item.ts';
import { type FileReader, lettersAt } from './file-reader.ts';

interface Box {
  readonly type: string;
  /** First byte after the header. */
  readonly start: number;
  readonly end: number;
}

export async function describeMp4(reader: FileReader): Promise<MediaDescription> {
  const movie = await findBox(reader, { type: 'file', start: 0, end: reader.size }, 'moov');
  if (movie === null) return { seconds: null, size: null };
  return { seconds: await findSeconds(reader, movie), size: await findSize(reader, movie) };
}

async function findSeconds(reader: FileReader, movie: Box): Promise<number | null> {
  const header = await findBox(reader, movie, 'mvhd');
  if (header === null) return null;
  const view = await reader.read(header.start, 36);
  const long = view.getUint8(0) === 1;
  const timescale = view.getUint32(long ? 20 : 12);
  const duration = long ? Number(view.getBigUint64(24)) : view.getUint32(16);
  const units = duration === 0 ? await findFragmentsDuration(reader, movie) : duration;
  return timescale === 0 ? null : units / timescale;
}

/** A film in fragments says how long they are together elsewhere. */
async function findFragmentsDuration(reader: FileReader, movie: Box): Promise<number> {
  const extension = await findBox(reader, movie, 'mvex');
  const header = extension === null ? null : await findBox(reader, extension, 'mehd');
  if (header === null) return 0;
  const view = await reader.read(header.start, 12);
  return view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4);
}

/** Of the first track that is seen. */
async function findSize(reader: FileReader, movie: Box): Promise<MediaDescription['size']> {
  for await (const track of boxesIn(reader, movie)) {
    const header = track.type === 'trak' ? await findBox(reader, track, 'tkhd') : null;
    if (header === null) continue;
    const view = await reader.read(header.start, 96);
    const matrixAt = view.getUint8(0) === 1 ? 52 : 40;
    const width = Math.round(view.getUint32(matrixAt + 36) / 65_536);
    const height = Math.round(view.getUint32(matrixAt + 40) / 65_536);
    // A telephone held upright: a quarter turn has nothing on the diagonal.
    const isTurned = view.getInt32(matrixAt) === 0 && view.getInt32(matrixAt + 4) !== 0;
    if (width > 0 && height > 0) return isTurned ? { width: height, height: width } : { width, height };
  }
  return null;
}

async function findBox(reader: FileReader, parent: Box, type: string): Promise<Box | null> {
  for await (const box of boxesIn(reader, parent)) if (box.type === type) return box;
  return null;
}

async function* boxesIn(reader: FileReader, parent: Box): AsyncGenerator<Box, void, undefined> {
  for (let at = parent.start; at + 8 <= parent.end; ) {
    const view = await reader.read(at, 16);
    const short = view.getUint32(0);
    const isLong = short === 1;
    const header = isLong ? 16 : 8;
    const length = isLong ? Number(view.getBigUint64(8)) : short === 0 ? parent.end - at : short;
    if (length < header) return;
    yield { type: lettersAt(view, 4, 4), start: at + header, end: Math.min(at + length, parent.end) };
    at += length;
  }
}
