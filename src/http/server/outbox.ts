/** Bodies on their way to readers, and how much memory they may hold together. */
export interface Outbox {
  /**
   * A place for a body until it is sent; null when bodies for others hold all the memory there is for them.
   * `cut` ends the answer: it is called on a reader who takes it too slowly when the place is needed for another.
   */
  take(body: Uint8Array, cut: () => void): OutboxPlace | null;
}

export interface OutboxPlace {
  /** Bytes that the reader has taken so far. */
  sent(bytes: number): void;
  leave(): void;
}

export interface OutboxLimits {
  /** For all bodies together. One that is larger by itself goes alone. */
  readonly bytes: number;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
}

/** A reader is given so long before being called slow. */
const GRACE_SECONDS = 5;
/** A poor mobile connection is faster. */
const SLOW_BYTES_PER_SECOND = 64 * 1024;

interface Entry {
  readonly body: Uint8Array;
  readonly since: number;
  readonly cut: () => void;
  /** Changed as the body is taken. */
  sent: number;
}

/**
 * An answer stays in memory until its reader has taken it, and a reader may take as long as it likes: without a bound,
 * some hundred connections that never read would hold all the memory there is. Only when room is needed is anybody cut.
 */
export function createOutbox({ bytes, now }: OutboxLimits): Outbox {
  const entries = new Set<Entry>();
  /** Readers by body: a body from the cache that many read is held once. */
  const readers = new Map<Uint8Array, number>();
  let held = 0;

  function enter(entry: Entry): void {
    const others = readers.get(entry.body) ?? 0;
    if (others === 0) held += entry.body.length;
    readers.set(entry.body, others + 1);
    entries.add(entry);
  }

  function leave(entry: Entry): void {
    if (!entries.delete(entry)) return;
    const others = (readers.get(entry.body) ?? 1) - 1;
    if (others > 0) {
      readers.set(entry.body, others);
      return;
    }
    readers.delete(entry.body);
    held -= entry.body.length;
  }

  function hasRoomFor(body: Uint8Array): boolean {
    return held === 0 || readers.has(body) || held + body.length <= bytes;
  }

  function cutSlowReaders(body: Uint8Array): void {
    const time = now();
    const rate = ({ sent, since }: Entry) => (sent * 1000) / (time - since);
    const slow = [...entries].filter((entry) => time - entry.since >= GRACE_SECONDS * 1000 && rate(entry) < SLOW_BYTES_PER_SECOND);
    for (const entry of slow.sort((a, b) => rate(a) - rate(b))) {
      if (hasRoomFor(body)) return;
      leave(entry);
      entry.cut();
    }
  }

  return {
    take(body, cut) {
      if (!hasRoomFor(body)) cutSlowReaders(body);
      if (!hasRoomFor(body)) return null;
      const entry: Entry = { body, since: now(), cut, sent: 0 };
      enter(entry);
      return {
        sent(count) {
          entry.sent = count;
        },
        leave: () => leave(entry),
      };
    },
  };
}
