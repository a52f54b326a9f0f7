/** A file of ours, as it is sent. */
export interface StaticFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Of the bytes, in quotes. */
  readonly etag: string;
  /** Whether it is somebody else's, and changes only when the dependency does. */
  readonly vendored: boolean;
}

/** The files that pages of ours load, by their name below `/assets/`. Nothing else is ever found. */
export interface StaticFiles {
  find(name: string): Promise<StaticFile | null>;
}
