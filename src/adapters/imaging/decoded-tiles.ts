import { LRUCache } from 'lru-cache';
import type { Scratch } from './scratch.ts';

/** Stored tiles in decoded form, those not asked for the longest out first. Their memory goes from one to the next. */
export interface DecodedTiles {
  /** Decodes a tile where it is not kept, once for however many ask, and shows it to `look`, which must not hold on to it. */
  use(key: string, bytes: number, decode: (into: Buffer) => Promise<void>, look: (tile: Buffer) => void): Promise<void>;
  /** Shows a tile that is decoded already. False where there is none. */
  lookAtOnce(key: string, look: (tile: Buffer) => void): boolean;
  /** Forgets those whose key is meant. */
  forget(isMeant: (key: string) => boolean): void;
  clear(): void;
}

interface Entry {
  readonly buffer: Buffer;
  readonly decoded: Promise<void>;
  isDecoded: boolean;
  users: number;
  /** Out of the list: its memory is free when its last user has seen it. */
  left: boolean;
}

/** 0 keeps none. */
export function createDecodedTiles(maxBytes: number, scratch: Scratch): DecodedTiles {
  const kept = maxBytes > 0 ? new LRUCache<string, Entry>({ maxSize: maxBytes, dispose: leave }) : null;

  function leave(entry: Entry): void {
    entry.left = true;
    freeUnused(entry);
  }

  function freeUnused(entry: Entry): void {
    if (entry.left && entry.users === 0) scratch.giveBack(entry.buffer);
  }

  function begin(key: string, bytes: number, decode: (into: Buffer) => Promise<void>): Entry {
    const buffer = scratch.take(bytes);
    const entry: Entry = { buffer, decoded: decode(buffer), isDecoded: false, users: 0, left: kept === null };
    kept?.set(key, entry, { size: buffer.length });
    // What is larger than all there is room for is not kept.
    if (kept?.peek(key) !== entry) entry.left = true;
    return entry;
  }

  return {
    async use(key, bytes, decode, look) {
      const entry = kept?.get(key) ?? begin(key, bytes, decode);
      entry.users += 1;
      try {
        await entry.decoded;
        entry.isDecoded = true;
        look(entry.buffer);
      } catch (error) {
        if (kept?.peek(key) === entry) kept.delete(key);
        throw error;
      } finally {
        entry.users -= 1;
        freeUnused(entry);
      }
    },
    lookAtOnce(key, look) {
      const entry = kept?.get(key);
      if (entry?.isDecoded !== true) return false;
      look(entry.buffer);
      return true;
    },
    forget(isMeant) {
      for (const key of [...(kept?.keys() ?? [])]) if (isMeant(key)) kept?.delete(key);
    },
    clear: () => kept?.clear(),
  };
}
