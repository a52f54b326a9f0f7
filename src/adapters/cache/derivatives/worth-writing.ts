import { LRUCache } from 'lru-cache';

/** What it takes to write a file, whatever is in it, and for each byte. */
const WRITE_MILLISECONDS = 1;
const WRITE_MILLISECONDS_A_BYTE = 5e-6;
/** Then it pays to write even if one in so many is asked for again. */
const TIMES_AS_SLOW = 100;
/** Keys of derivatives that were made and not written. */
const MOST_KEYS = 10_000;

/** Chooses what goes to disk. */
export interface WorthWriting {
  /** Of a derivative that was made just now. Those that are not worth it yet are remembered. */
  isMade(text: string, bytes: number, milliseconds: number): boolean;
  /** Of one that is in memory and is asked for. */
  isAskedAgain(text: string): boolean;
}

/**
 * Most of what is no tile is asked for once: regions as a reader draws them. To write such a derivative costs as much as to
 * make it. So it waits until it is asked for again, or made again, unless it was slow to make. `everything` waits for nothing.
 */
export function createWorthWriting(everything: boolean): WorthWriting {
  const madeOnce = new LRUCache<string, true>({ max: MOST_KEYS });
  return {
    isMade(text, bytes, milliseconds) {
      const isSlow = milliseconds >= TIMES_AS_SLOW * (WRITE_MILLISECONDS + WRITE_MILLISECONDS_A_BYTE * bytes);
      if (everything || isSlow || madeOnce.delete(text)) return true;
      madeOnce.set(text, true);
      return false;
    },
    isAskedAgain: (text) => madeOnce.delete(text),
  };
}
