/** https://www.rfc-editor.org/rfc/rfc9639#section-8.2 */
import type { MediaDescription } from '../../domain/item.ts';
import { type FileReader, lettersAt } from './file-reader.ts';
import { afterId3 } from './id3.ts';

/** Marker and header of the first block, which is always STREAMINFO. */
const BEFORE_STREAMINFO = 8;

export async function describeFlac(reader: FileReader): Promise<MediaDescription> {
  const start = await afterId3(reader);
  const head = await reader.read(start, BEFORE_STREAMINFO + 18);
  if (lettersAt(head, 0, 4) !== 'fLaC') return { seconds: null, size: null };
  // 20 bits of sample rate, 3 of channels, 5 of depth, 36 of length.
  const rate = head.getUint32(BEFORE_STREAMINFO + 10) >>> 12;
  const samples = (head.getUint8(BEFORE_STREAMINFO + 13) & 0x0f) * 2 ** 32 + head.getUint32(BEFORE_STREAMINFO + 14);
  return { seconds: rate > 0 && samples > 0 ? samples / rate : null, size: null };
}
