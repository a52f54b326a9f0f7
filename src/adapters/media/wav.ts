/** RIFF WAVE: https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html */
import type { MediaDescription } from '../../domain/item.ts';
import { type FileReader, lettersAt } from './file-reader.ts';

const HEADER_BYTES = 8;
/** Written by recorders that did not know the length when they began, and by RF64, where it is longer. */
const UNKNOWN_LENGTH = 0xffff_ffff;

export async function describeWav(reader: FileReader): Promise<MediaDescription> {
  const riff = await reader.read(0, 12);
  if (lettersAt(riff, 8, 4) !== 'WAVE') return { seconds: null, size: null };
  let bytesASecond = 0;
  for (let at = 12; at + HEADER_BYTES <= reader.size; ) {
    const chunk = await reader.read(at, HEADER_BYTES + 12);
    const name = lettersAt(chunk, 0, 4);
    const length = chunk.getUint32(4, true);
    if (name === 'fmt ') bytesASecond = chunk.getUint32(HEADER_BYTES + 8, true);
    if (name === 'data') {
      const there = reader.size - at - HEADER_BYTES;
      const bytes = length === UNKNOWN_LENGTH || length === 0 ? there : Math.min(length, there);
      return { seconds: bytesASecond > 0 ? bytes / bytesASecond : null, size: null };
    }
    at += HEADER_BYTES + length + (length % 2);
  }
  return { seconds: null, size: null };
}
