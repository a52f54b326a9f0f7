/** Ogg pages: https://www.rfc-editor.org/rfc/rfc3533#section-6; the first packet of each codec says what its granules are. */
import type { MediaDescription } from '../../domain/item.ts';
import { type FileReader, lettersAt } from './file-reader.ts';

interface Page {
  readonly serial: number;
  /** Null where no packet ends on the page. */
  readonly granule: number | null;
  readonly isFirst: boolean;
  readonly bodyAt: number;
  readonly next: number;
}

interface Track {
  readonly serial: number;
  /** Granules a second; null for what is no sound. */
  readonly rate: number | null;
  /** Granules before the sound begins. */
  readonly skip: number;
  readonly size: MediaDescription['size'];
  /** Of a film: how its granules count frames. */
  readonly frames: Frames | null;
}

interface Frames {
  readonly perSecond: number;
  /** Bits of a granule that count since the last whole picture; the bits above count up to it. */
  readonly shift: number;
}

const HEADER_BYTES = 27;
const LONGEST_PAGE = 65_307;
const MOST_TRACKS = 20;

export async function describeOgg(reader: FileReader): Promise<MediaDescription> {
  const tracks: Track[] = [];
  for (let at = 0; tracks.length < MOST_TRACKS; ) {
    const page = await readPage(reader, at);
    if (page === null || !page.isFirst) break;
    tracks.push(readTrack(page.serial, await reader.read(page.bodyAt, 64)));
    at = page.next;
  }
  const size = tracks.find((track) => track.size !== null)?.size ?? null;
  const sound = tracks.find(({ rate }) => rate !== null && rate > 0);
  if (sound?.rate == null) return { seconds: await secondsOfFrames(reader, tracks), size };
  const granule = await lastGranule(reader, sound.serial);
  return { seconds: granule === null ? null : (granule - sound.skip) / sound.rate, size };
}

async function readPage(reader: FileReader, at: number): Promise<Page | null> {
  const view = await reader.read(at, HEADER_BYTES + 255);
  if (view.byteLength < HEADER_BYTES || lettersAt(view, 0, 4) !== 'OggS') return null;
  const segments = view.getUint8(26);
  let length = 0;
  for (let i = 0; i < segments; i += 1) length += view.getUint8(HEADER_BYTES + i);
  const bodyAt = at + HEADER_BYTES + segments;
  return { ...readPageHead(view, 0), isFirst: (view.getUint8(5) & 2) !== 0, bodyAt, next: bodyAt + length };
}

function readPageHead(view: DataView, at: number): Pick<Page, 'serial' | 'granule'> {
  const granule = view.getBigInt64(at + 6, true);
  return { serial: view.getUint32(at + 14, true), granule: granule < 0n ? null : Number(granule) };
}

function readTrack(serial: number, head: DataView): Track {
  if (lettersAt(head, 0, 8) === 'OpusHead') return { serial, rate: 48_000, skip: head.getUint16(10, true), size: null, frames: null };
  if (lettersAt(head, 0, 7) === '\x01vorbis') return { serial, rate: head.getUint32(12, true), skip: 0, size: null, frames: null };
  // The STREAMINFO of FLAC follows 9 bytes of mapping and 8 of its own.
  if (lettersAt(head, 0, 5) === '\x7fFLAC') return { serial, rate: head.getUint32(27) >>> 12, skip: 0, size: null, frames: null };
  if (lettersAt(head, 0, 7) !== '\x80theora') return { serial, rate: null, skip: 0, size: null, frames: null };
  const size = { width: head.getUint32(13) & 0xff_ffff, height: head.getUint32(16) & 0xff_ffff };
  const frames = { perSecond: head.getUint32(22) / head.getUint32(26), shift: (head.getUint16(40) >>> 5) & 31 };
  return { serial, rate: null, skip: 0, size, frames };
}

/** Theora I specification, A.2.3. A film without sound. */
async function secondsOfFrames(reader: FileReader, tracks: readonly Track[]): Promise<number | null> {
  const film = tracks.find(({ frames }) => frames !== null);
  const granule = film === undefined ? null : await lastGranule(reader, film.serial);
  if (film?.frames == null || granule === null || !(film.frames.perSecond > 0)) return null;
  const step = 2 ** film.frames.shift;
  return (Math.floor(granule / step) + (granule % step)) / film.frames.perSecond;
}

/** Of the last page of this track that has one: looked for from the end, two pages far. */
async function lastGranule(reader: FileReader, serial: number): Promise<number | null> {
  const start = Math.max(0, reader.size - 2 * LONGEST_PAGE);
  const tail = await reader.read(start, 2 * LONGEST_PAGE);
  for (let at = tail.byteLength - HEADER_BYTES; at >= 0; at -= 1) {
    if (tail.getUint32(at) !== 0x4f67_6753) continue;
    const page = readPageHead(tail, at);
    if (page.serial === serial && page.granule !== null) return page.granule;
  }
  return null;
}
