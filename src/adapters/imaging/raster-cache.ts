import { LRUCache } from 'lru-cache';
import type { Raster } from './raster.ts';

/** Decoded pictures kept in memory, least recently used first out, one decode for however many ask. */
export interface RasterCache {
  /** Whether something of this size is kept at all. */
  holds(bytes: number): boolean;
  /** `bytes` is what the raster will take; room is made before `load` starts. A failed load is not kept. */
  get(key: string, bytes: number, load: () => Promise<Raster>): Promise<Raster>;
  /** Forgets those whose key is meant. */
  forget(isMeant: (key: string) => boolean): void;
  clear(): void;
}

/** One picture may take this much of the cache, so that a giant does not push out everything else and itself fits. */
const LARGEST_SHARE = 0.75;

export function createRasterCache(maxBytes: number): RasterCache {
  const kept = maxBytes > 0 ? new LRUCache<string, Promise<Raster>>({ maxSize: maxBytes }) : null;
  return {
    holds: (bytes) => bytes <= maxBytes * LARGEST_SHARE,
    get(key, bytes, load) {
      const known = kept?.get(key);
      if (known !== undefined) return known;
      if (kept === null || bytes > maxBytes * LARGEST_SHARE) return load();
      makeRoom(kept, maxBytes - bytes);
      const loading = load();
      kept.set(key, loading, { size: Math.max(1, bytes) });
      loading.catch(() => {
        if (kept.peek(key) === loading) kept.delete(key);
      });
      return loading;
    },
    forget(isMeant) {
      for (const key of [...(kept?.keys() ?? [])]) if (isMeant(key)) kept?.delete(key);
    },
    clear: () => kept?.clear(),
  };
}

function makeRoom(kept: LRUCache<string, Promise<Raster>>, maxBytes: number): void {
  while (kept.calculatedSize > maxBytes && kept.size > 0) kept.pop();
}
