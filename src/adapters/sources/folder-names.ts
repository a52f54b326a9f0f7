/** Names of one folder, each list in natural order. */
export interface FolderNames {
  readonly folders: readonly string[];
  readonly items: readonly string[];
  /** The items that are playlists; first the one that stands for the others. */
  readonly playlists: readonly string[];
  /** Whether any item may be a part of a stream. */
  readonly hasStreams: boolean;
}
