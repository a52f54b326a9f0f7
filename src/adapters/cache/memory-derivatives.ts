import { LRUCache } from 'lru-cache';
import type { DerivativeCache } from '../../domain/ports.ts';

/** What an entry costs beside its bytes: key, links, the view on the bytes. */
const ENTRY_BYTES = 512;

/** One derivative may not push out most of the others. */
const LARGEST_SHARE = 1 / 8;

/** Keeps derivatives in memory, up to `maxBytes` in all; those not asked for the longest go first. 0 keeps none. */
export function createMemoryDerivatives({ maxBytes }: { maxBytes: number }): DerivativeCache {
  const largest = Math.floor(maxBytes * LARGEST_SHARE);
  if (largest < ENTRY_BYTES) return { get: async () => null, put: async () => {} };

  const kept = new LRUCache<string, Uint8Array>({
    maxSize: maxBytes,
    maxEntrySize: largest,
    sizeCalculation: (bytes, key) => bytes.byteLength + 2 * key.length + ENTRY_BYTES,
  });
  return {
    get: async (key) => kept.get(key) ?? null,
    async put(key, bytes) {
      kept.set(key, ownBytes(bytes));
    },
  };
}

/** A small view would keep the whole buffer behind it alive, uncounted. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
}
