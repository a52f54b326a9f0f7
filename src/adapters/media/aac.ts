/** AAC in ADTS: ISO/IEC 14496-3, 1.A.2.2. A frame says how long it is in bytes, and holds 1,024 samples a block. */
import type { MediaDescription } from '../../domain/item.ts';
import type { FileReader } from './file-reader.ts';
import { afterId3 } from './id3.ts';

/** By the four bits of the header. */
const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
const SAMPLES = 1_024;
const HEADER_BYTES = 7;
/** A minute and more. The rest of a longer sound is taken to be like it. */
const COUNTED_FRAMES = 4_000;

export async function describeAac(reader: FileReader): Promise<MediaDescription> {
  const start = await afterId3(reader);
  let at = start;
  let blocks = 0;
  let rate = 0;
  for (let frames = 0; frames < COUNTED_FRAMES && at + HEADER_BYTES <= reader.size; frames += 1) {
    const frame = readFrame(await reader.read(at, HEADER_BYTES));
    if (frame === null) break;
    rate ||= frame.rate;
    blocks += frame.blocks;
    at += frame.bytes;
  }
  if (rate === 0 || at === start) return { seconds: null, size: null };
  const counted = (blocks * SAMPLES) / rate;
  return { seconds: at >= reader.size ? counted : (counted * (reader.size - start)) / (at - start), size: null };
}

function readFrame(view: DataView): { readonly rate: number; readonly blocks: number; readonly bytes: number } | null {
  if (view.byteLength < HEADER_BYTES || (view.getUint16(0) & 0xfff6) !== 0xfff0) return null;
  const rate = RATES[(view.getUint8(2) >>> 2) & 15];
  const bytes = (view.getUint32(3) >>> 13) & 0x1fff;
  return rate === undefined || bytes < HEADER_BYTES ? null : { rate, blocks: (view.getUint8(6) & 3) + 1, bytes };
}
