import { type CacheStats, type DerivativeKey, isPurged, type Purge } from '../../../domain/derivative.ts';

/** What an entry costs beside its bytes: key, links, the view on the bytes. */
const ENTRY_BYTES = 512;

/** One derivative may not push out most of the others; and pictures of thousands of pixels are for the disk. */
const LARGEST_SHARE = 1 / 8;
const LARGEST_BYTES = 2_000_000;

/** What any derivative costs to have again, so that no byte is thought worth a hundred times another. */
const BASE_MILLISECONDS = 1;

export interface MemoryDerivatives {
  get(text: string): Uint8Array | null;
  /** The same, for a second look: it does not count. */
  peek(text: string): Uint8Array | null;
  /** `milliseconds`: what it would cost to have it again. */
  put(key: DerivativeKey, bytes: Uint8Array, milliseconds: number): void;
  /** From now on these same bytes are kept, which are part of something that is kept elsewhere. Tells whether anything is. */
  share(text: string, bytes: Uint8Array): boolean;
  /** Tells how many went. */
  purge(purge: Purge): number;
  stats(): CacheStats['memory'];
  clear(): void;
}

export interface MemoryOptions {
  readonly maxBytes: number;
  /** Told of each when it is asked for first, and now and then after that. */
  readonly onUsed?: (key: DerivativeKey, bytes: Uint8Array) => void;
}

interface Entry {
  readonly key: DerivativeKey;
  bytes: Uint8Array;
  readonly size: number;
  /** Power of two of what a byte of it is worth. */
  readonly worth: number;
  /** Its turn to go. */
  due: number;
  /** Whether it was asked for since it was put in its row. */
  used: boolean;
}

/**
 * Keeps derivatives in memory, up to `maxBytes` in all. What goes first was asked for the longest ago, and was cheap to
 * make for its size. 0 keeps none.
 *
 * GreedyDual-Size (Cao and Irani, 1997): an entry is due at the time of its last use plus its worth, and time is what the
 * last one to go was due at. Worths are rounded to powers of two, and each has a row in which the first is due first, so
 * that no queue needs sorting. A use only leaves a mark, and the row is put right when something has to go.
 */
export function createMemoryDerivatives({ maxBytes, onUsed }: MemoryOptions): MemoryDerivatives {
  const largest = Math.min(LARGEST_BYTES, Math.floor(maxBytes * LARGEST_SHARE));
  const entries = new Map<string, Entry>();
  const rows = new Map<number, Set<Entry>>();
  let bytes = 0;
  let time = 0;
  let hits = 0;
  let misses = 0;

  function enter(entry: Entry): void {
    entry.due = time + 2 ** entry.worth;
    entry.used = false;
    const row = rows.get(entry.worth) ?? new Set();
    rows.set(entry.worth, row.add(entry));
  }

  function leave(entry: Entry): void {
    const row = rows.get(entry.worth);
    row?.delete(entry);
    if (row?.size === 0) rows.delete(entry.worth);
  }

  function remove(entry: Entry): void {
    leave(entry);
    entries.delete(entry.key.text);
    bytes -= entry.size;
  }

  /** The first of its row that was not used since it came there. */
  function firstOf(row: Set<Entry>): Entry | undefined {
    for (const entry of row) {
      if (!entry.used) return entry;
      row.delete(entry);
      enter(entry);
    }
    return undefined;
  }

  function makeRoom(): void {
    while (bytes > maxBytes) {
      const firsts = [...rows.values()].map(firstOf).filter((entry) => entry !== undefined);
      const next = firsts.reduce<Entry | null>((first, entry) => (first === null || entry.due < first.due ? entry : first), null);
      if (next === null) return;
      time = next.due;
      remove(next);
    }
  }

  return {
    get(text) {
      const entry = entries.get(text);
      if (entry === undefined) {
        misses += 1;
        return null;
      }
      hits += 1;
      if (!entry.used) onUsed?.(entry.key, entry.bytes);
      entry.used = true;
      return entry.bytes;
    },

    peek: (text) => entries.get(text)?.bytes ?? null,

    put(key, given, milliseconds) {
      const known = entries.get(key.text);
      if (known !== undefined) remove(known);
      if (given.byteLength + ENTRY_BYTES > largest) return;
      const own = ownBytes(given);
      const size = own.buffer.byteLength + 2 * key.text.length + ENTRY_BYTES;
      const worth = Math.round(Math.log2((BASE_MILLISECONDS + Math.max(0, milliseconds)) / size));
      const entry: Entry = { key, bytes: own, size, worth, due: 0, used: false };
      entries.set(key.text, entry);
      bytes += size;
      enter(entry);
      makeRoom();
    },

    share(text, given) {
      const known = entries.get(text);
      if (known?.bytes.byteLength === given.byteLength) known.bytes = given;
      return known !== undefined;
    },

    purge(purge) {
      const gone = [...entries.values()].filter(({ key }) => isPurged(purge, key));
      gone.forEach(remove);
      return gone.length;
    },

    stats: () => ({ derivatives: entries.size, bytes, maxBytes, hits, misses }),

    clear() {
      entries.clear();
      rows.clear();
      bytes = 0;
    },
  };
}

/** Of the buffer behind it. */
const SMALL_SHARE = 3 / 4;

/** A small view would keep the whole buffer behind it alive, uncounted. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength >= SMALL_SHARE * bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
}
