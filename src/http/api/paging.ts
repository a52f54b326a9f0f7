import { z } from 'zod';
import { decodeBase64Url, encodeBase64Url } from '../../lib/base64url.ts';
import type { Invalid } from './read-input.ts';

const DEFAULT_LIMIT = 50;
export const MOST_AT_ONCE = 200;

export const CURSOR = z.string().max(500).optional().describe('`next` of the page before: where to go on.');

/** Of every list whose pages can be shorter or longer. */
export const PAGING = {
  limit: z.coerce.number().int().min(1).max(MOST_AT_ONCE).default(DEFAULT_LIMIT).describe('How many there are on a page.'),
  cursor: CURSOR,
};

/** A place in a list, as text that nobody need read. */
export function writeCursor(place: readonly (string | number)[]): string {
  return encodeBase64Url(JSON.stringify(place));
}

/** Null without one; for a text that `writeCursor` did not write, what is wrong. */
export function readCursor<T extends z.ZodType>(cursor: string | undefined, place: T): z.output<T> | null | Invalid {
  if (cursor === undefined) return null;
  const result = place.safeParse(parse(decodeBase64Url(cursor)));
  return result.success ? result.data : { kind: 'invalid', errors: [{ parameter: 'cursor', detail: 'It is none of ours.' }] };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
