/** Derivatives as caches keep them. */

/** Which derivative. */
export interface DerivativeKey {
  /** Everything that changes its bytes, and never the person. */
  readonly text: string;
  /** Path of the item that it is of, whatever the page and the tier. */
  readonly item: string;
  /** Path of the item whose bytes it was made from, where that is another one. */
  readonly standIn?: string | undefined;
}

/** How a derivative came to be. */
export interface Making {
  /** Whether its bytes were stored so, as those of a tile are: then it is as cheap to have again as to keep. */
  readonly copied: boolean;
  readonly begun: Date;
  readonly milliseconds: number;
}

/** What is to go from a cache. A folder means all below it. */
export type Purge =
  | { readonly kind: 'item'; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'everything' };

/** Whether a derivative is among what is to go: as one of the item, or as one that shows its bytes. */
export function isPurged(purge: Purge, { item, standIn }: Pick<DerivativeKey, 'item' | 'standIn'>): boolean {
  const paths = standIn === undefined ? [item] : [item, standIn];
  if (purge.kind === 'everything') return true;
  if (purge.kind === 'item') return paths.includes(purge.path);
  return paths.some((path) => path.startsWith(`${purge.path}/`));
}

/** How many went from what can be made or fetched again. */
export interface Purged extends PurgedBeside {
  /** Derivatives from the memory of this process. */
  readonly memory: number;
  /** Derivatives from the disk. */
  readonly disk: number;
}

/** What is on the disk beside derivatives. */
export interface PurgedBeside {
  readonly pyramids: number;
  /** Of sources that are in an object store. */
  readonly copies: number;
}

/** How full a part of a cache is. */
export interface CacheFill {
  readonly derivatives: number;
  readonly bytes: number;
  readonly maxBytes: number;
}

/** How often something was found, since the start of the process. */
interface Finds {
  readonly hits: number;
  readonly misses: number;
}

/** What is known without a look at the disk. */
export interface CacheCounts {
  readonly memory: CacheFill & Finds;
  readonly disk: Finds;
}

export interface CacheStats {
  /** Of this process. */
  readonly memory: CacheFill & Finds;
  /** Of all processes; `hits` and `misses` are those of this one. */
  readonly disk: CacheFill & Finds;
}
