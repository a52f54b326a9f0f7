import { CONTENT_CODINGS, type ContentCoding } from '../../lib/static-files.ts';

/**
 * The codings of ours that a reader accepts, best first. Without the header a reader accepts anything, but nobody has
 * shown that it understands one, so it gets none. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export function acceptedCodings(header: string | null): readonly ContentCoding[] {
  const weights = new Map((header ?? '').split(',').map(parseEntry));
  return CONTENT_CODINGS.filter((coding) => (weights.get(coding) ?? weights.get('*') ?? 0) > 0);
}

function parseEntry(entry: string): readonly [coding: string, weight: number] {
  const [coding = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return [coding === 'x-gzip' ? 'gzip' : coding, weight === undefined ? 1 : Number(weight) || 0];
}
