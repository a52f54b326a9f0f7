/** Matroska and WebM: https://www.rfc-editor.org/rfc/rfc9559#section-5.1, elements in EBML: https://www.rfc-editor.org/rfc/rfc8794 */
import type { MediaDescription } from '../../domain/item.ts';
import type { FileReader } from './file-reader.ts';

const SEGMENT = 0x1853_8067;
const INFO = 0x1549_a966;
const TIMESTAMP_SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const TRACKS = 0x1654_ae6b;
const TRACK = 0xae;
const VIDEO = 0xe0;
const PIXEL_WIDTH = 0xb0;
const PIXEL_HEIGHT = 0xba;
const CLUSTER = 0x1f43_b675;

const DEFAULT_SCALE = 1_000_000;
const NANOSECONDS = 1_000_000_000;

interface Element {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export async function describeWebm(reader: FileReader): Promise<MediaDescription> {
  const segment = await findElement(reader, { id: 0, start: 0, end: reader.size }, SEGMENT);
  if (segment === null) return { seconds: null, size: null };
  let seconds: number | null = null;
  let size: MediaDescription['size'] = null;
  for await (const element of elementsIn(reader, segment)) {
    if (element.id === INFO) seconds = await readSeconds(reader, element);
    if (element.id === TRACKS) size = await readSize(reader, element);
    // What describes a film comes before its pictures.
    if (element.id === CLUSTER || (seconds !== null && size !== null)) break;
  }
  return { seconds, size };
}

async function readSeconds(reader: FileReader, info: Element): Promise<number | null> {
  const duration = await findElement(reader, info, DURATION);
  if (duration === null) return null;
  const scale = (await readNumber(reader, await findElement(reader, info, TIMESTAMP_SCALE))) ?? DEFAULT_SCALE;
  const view = await reader.read(duration.start, 8);
  const units = duration.end - duration.start === 4 ? view.getFloat32(0) : view.getFloat64(0);
  return (units * scale) / NANOSECONDS;
}

async function readSize(reader: FileReader, tracks: Element): Promise<MediaDescription['size']> {
  for await (const track of elementsIn(reader, tracks)) {
    const video = track.id === TRACK ? await findElement(reader, track, VIDEO) : null;
    if (video === null) continue;
    const width = await readNumber(reader, await findElement(reader, video, PIXEL_WIDTH));
    const height = await readNumber(reader, await findElement(reader, video, PIXEL_HEIGHT));
    if (width !== null && height !== null) return { width, height };
  }
  return null;
}

async function findElement(reader: FileReader, parent: Element, id: number): Promise<Element | null> {
  for await (const element of elementsIn(reader, parent)) if (element.id === id) return element;
  return null;
}

async function readNumber(reader: FileReader, element: Element | null): Promise<number | null> {
  if (element === null || element.end - element.start > 8) return null;
  const view = await reader.read(element.start, element.end - element.start);
  let value = 0;
  for (let at = 0; at < view.byteLength; at += 1) value = value * 256 + view.getUint8(at);
  return value;
}

async function* elementsIn(reader: FileReader, parent: Element): AsyncGenerator<Element, void, undefined> {
  for (let at = parent.start; at + 2 <= parent.end; ) {
    const view = await reader.read(at, 16);
    const idBytes = vintBytes(view, 0);
    const sizeBytes = vintBytes(view, idBytes);
    const length = readSizeVint(view, idBytes, sizeBytes);
    const start = at + idBytes + sizeBytes;
    const end = length === null ? parent.end : Math.min(start + length, parent.end);
    yield { id: readBytes(view, 0, idBytes), start, end };
    at = end;
  }
}

/** The number of zero bits before the first one says how many bytes follow. */
function vintBytes(view: DataView, at: number): number {
  return Math.clz32(view.getUint8(at)) - 24 + 1;
}

/** Null for an unknown length: as far as the parent goes. */
function readSizeVint(view: DataView, at: number, bytes: number): number | null {
  if (bytes > 8) throw new Error('not an EBML length');
  const value = readBytes(view, at, bytes) - 2 ** (7 * bytes);
  return value === 2 ** (7 * bytes) - 1 ? null : value;
}

function readBytes(view: DataView, at: number, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i += 1) value = value * 256 + view.getUint8(at + i);
  return value;
}
