/** MPEG-1 and MPEG-2 layer III: ISO/IEC 11172-3 §2.4.1.3; the Xing and VBRI headers that encoders put into the first frame. */
import type { MediaDescription } from '../../domain/item.ts';
import { type FileReader, lettersAt } from './file-reader.ts';
import { afterId3 } from './id3.ts';

/** By the four bits of the header. */
const KILOBITS_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
const KILOBITS_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
const RATES_1 = [44_100, 48_000, 32_000];

/** Padding before the first frame is never longer. */
const SEARCHED_BYTES = 8_192;
const FRAME_HEAD_BYTES = 200;
const VBRI_AT = 36;
const ID3V1_BYTES = 128;

interface Frame {
  readonly rate: number;
  readonly kilobits: number;
  readonly samples: number;
  /** Where the Xing header would be. */
  readonly xingAt: number;
}

export async function describeMp3(reader: FileReader): Promise<MediaDescription> {
  const start = await afterId3(reader);
  const view = await reader.read(start, SEARCHED_BYTES);
  for (let at = 0; at + 4 <= view.byteLength; at += 1) {
    const frame = readFrame(view.getUint32(at));
    if (frame !== null) return { seconds: await lengthOf(reader, start + at, frame), size: null };
  }
  return { seconds: null, size: null };
}

function readFrame(header: number): Frame | null {
  const isLayer3 = header >>> 21 === 0x7ff && ((header >>> 17) & 3) === 1;
  const version = (header >>> 19) & 3;
  const rate = RATES_1[(header >>> 10) & 3];
  if (!isLayer3 || version === 1 || rate === undefined) return null;
  const isFirst = version === 3;
  const kilobits = (isFirst ? KILOBITS_1 : KILOBITS_2)[(header >>> 12) & 15] ?? 0;
  if (kilobits === 0) return null;
  const isMono = ((header >>> 6) & 3) === 3;
  const sideBytes = isFirst ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  return { rate: rate / (isFirst ? 1 : version === 2 ? 2 : 4), kilobits, samples: isFirst ? 1152 : 576, xingAt: 4 + sideBytes };
}

/** By the number of frames where the file tells it, else by its size: then every frame is as long as the first. */
async function lengthOf(reader: FileReader, at: number, { rate, kilobits, samples, xingAt }: Frame): Promise<number> {
  const head = await reader.read(at, FRAME_HEAD_BYTES);
  const frames = xingFrames(head, xingAt) ?? vbriFrames(head);
  if (frames !== null) return (frames * samples) / rate;
  const tail = await reader.read(reader.size - ID3V1_BYTES, 3);
  const end = reader.size - (lettersAt(tail, 0, 3) === 'TAG' ? ID3V1_BYTES : 0);
  return ((end - at) * 8) / (kilobits * 1000);
}

function xingFrames(head: DataView, at: number): number | null {
  if (!['Xing', 'Info'].includes(lettersAt(head, at, 4)) || head.byteLength < at + 12) return null;
  return (head.getUint32(at + 4) & 1) === 0 ? null : head.getUint32(at + 8);
}

function vbriFrames(head: DataView): number | null {
  return lettersAt(head, VBRI_AT, 4) === 'VBRI' && head.byteLength >= VBRI_AT + 18 ? head.getUint32(VBRI_AT + 14) : null;
}
