/**
 * Conditional requests: whether the reader's copy is still good, and whether the file is the one that is meant.
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
export function isFresh(
  ask: { readonly ifNoneMatch: string | null; readonly ifModifiedSince: string | null },
  etag: string,
  modified: Date | null,
): boolean {
  if (ask.ifNoneMatch !== null) return matches(ask.ifNoneMatch, etag);
  if (ask.ifModifiedSince === null || modified === null) return false;
  const since = Date.parse(ask.ifModifiedSince);
  return Number.isFinite(since) && wholeSeconds(modified) <= since;
}

/** False where If-Match or If-Unmodified-Since name another state of the file: 412. `etag` is a strong one. */
export function isMeant(
  ask: { readonly ifMatch: string | null; readonly ifUnmodifiedSince: string | null },
  etag: string,
  modified: Date,
): boolean {
  if (ask.ifMatch !== null) return ask.ifMatch.trim() === '*' || ask.ifMatch.split(',').some((each) => each.trim() === etag);
  if (ask.ifUnmodifiedSince === null) return true;
  const since = Date.parse(ask.ifUnmodifiedSince);
  return !Number.isFinite(since) || wholeSeconds(modified) <= since;
}

/** A file that changed this shortly ago may change again within the second that its time shows. */
const SETTLED_AFTER_MILLISECONDS = 1_000;

/**
 * Whether a range may be cut from the file as it is now, which the reader has begun with: If-Range. A strong comparison;
 * a date counts only to the second, and only once the file has rested for one. §13.1.5
 */
export function mayContinue(ifRange: string | null, etag: string, modified: Date, now: Date): boolean {
  if (ifRange === null) return true;
  if (ifRange.includes('"')) return ifRange.trim() === etag;
  const settled = now.getTime() - modified.getTime() > SETTLED_AFTER_MILLISECONDS;
  return settled && Date.parse(ifRange) === wholeSeconds(modified);
}

/** The precision of dates in headers. */
function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}

/** Weak comparison, as §8.8.3.2 asks for If-None-Match. */
function matches(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  const wanted = etag.replace(/^W\//, '');
  return header.split(',').some((each) => each.trim().replace(/^W\//, '') === wanted);
}
