/**
 * Which bytes of a file are asked for.
 * https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */

/** First byte and number of bytes. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** More digits than any file has bytes. */
const ONE_RANGE = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i;

/**
 * Null: the whole file, for a header that is absent or not understood, and for several ranges at once, which no player
 * sends and which a server may answer so. `unsatisfiable`: the file has none of the bytes.
 */
export function parseRange(header: string | null, size: number): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = ONE_RANGE.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  if (first === '') return suffixRange(Number(last), size);
  const start = Number(first);
  if (last !== '' && Number(last) < start) return null;
  if (start >= size) return 'unsatisfiable';
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return { start, length: end - start + 1 };
}

/** The last bytes; of a shorter file all. An empty file has no range, only a whole. */
function suffixRange(wanted: number, size: number): ByteRange | 'unsatisfiable' | null {
  if (wanted === 0) return 'unsatisfiable';
  if (size === 0) return null;
  const length = Math.min(wanted, size);
  return { start: size - length, length };
}
