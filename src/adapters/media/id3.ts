import { type FileReader, lettersAt } from './file-reader.ts';

/** Where the sound begins: after the ID3v2 tag, where there is one. https://id3.org/id3v2.4.0-structure */
export async function afterId3(reader: FileReader): Promise<number> {
  const head = await reader.read(0, 10);
  if (head.byteLength < 10 || lettersAt(head, 0, 3) !== 'ID3') return 0;
  const footer = (head.getUint8(5) & 0x10) === 0 ? 0 : 10;
  const length = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (head.getUint8(at) & 0x7f), 0);
  return 10 + length + footer;
}
