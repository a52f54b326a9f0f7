/** What caches may know of an answer. */
export interface Keeping {
  /** Whether everybody gets it, so that shared caches may keep it. */
  readonly open: boolean;
  /** The first moment at which it may be another one. */
  readonly until?: Date | undefined;
}

/**
 * `Cache-Control` for an answer that may be kept for so many seconds, and never beyond the time at which it may change. What is for some
 * alone is asked for again each time. https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2
 */
export function cacheControl({ open, until }: Keeping, seconds: number, now: Date): string {
  if (!open) return 'private, no-cache';
  if (until === undefined) return `public, max-age=${seconds}`;
  const left = Math.floor((until.getTime() - now.getTime()) / 1000);
  // A cache may otherwise serve what is over to somebody whom it has no connection for. §4.2.4
  return left < 1 ? 'public, no-cache' : `public, max-age=${Math.min(seconds, left)}, must-revalidate`;
}
