/** Codings of a body that browsers accept, best first. https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1 */
export const CONTENT_CODINGS = ['br', 'gzip'] as const;
export type ContentCoding = (typeof CONTENT_CODINGS)[number];

/** A file of ours, as it is sent. */
export interface StaticFile {
  /** In `coding`. */
  readonly bytes: Uint8Array;
  /** Null for the file as it is. */
  readonly coding: ContentCoding | null;
  /** Whether other readers get it in other codings. */
  readonly varies: boolean;
  readonly contentType: string;
  /** Of the bytes as sent, in quotes: each coding has its own. */
  readonly etag: string;
  /** Whether it is somebody else's, and changes only when the dependency does. */
  readonly vendored: boolean;
}

/** The files that pages of ours load, by their name below `/assets/`. Nothing else is ever found. */
export interface StaticFiles {
  /** In the first of these codings; as it is where there is none, or compressing would not help. */
  find(name: string, codings: readonly ContentCoding[]): Promise<StaticFile | null>;
}
