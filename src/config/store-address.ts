/** A place in an object store: `s3://bucket/prefix`. */
export interface StoreAddress {
  readonly bucket: string;
  /** What every key begins with: `''`, or text that ends in `/`. */
  readonly prefix: string;
}

const SCHEME = 's3://';
/** Names that are one segment of a host name; what stores allow is a part of this. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** No empty, hidden or climbing segment. */
const PREFIX = /^(?:[^./\\\p{Cc}][^/\\\p{Cc}]*\/)*$/u;

export function isStoreAddress(place: string): boolean {
  return place.startsWith(SCHEME);
}

/** Null for what is no such address. */
export function parseStoreAddress(place: string): StoreAddress | null {
  if (!isStoreAddress(place)) return null;
  const [bucket = '', ...rest] = place.slice(SCHEME.length).split('/');
  const path = rest.join('/').replace(/\/$/, '');
  const prefix = path === '' ? '' : `${path}/`;
  return BUCKET.test(bucket) && !bucket.includes('..') && PREFIX.test(prefix) ? { bucket, prefix } : null;
}
