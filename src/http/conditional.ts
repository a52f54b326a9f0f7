/**
 * Whether the reader's copy is still good: If-None-Match decides where it is sent, else If-Modified-Since.
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
  return Number.isFinite(since) && Math.floor(modified.getTime() / 1000) * 1000 <= since;
}

/** Weak comparison, as §8.8.3.2 asks for If-None-Match. */
function matches(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  const wanted = etag.replace(/^W\//, '');
  return header.split(',').some((each) => each.trim().replace(/^W\//, '') === wanted);
}
