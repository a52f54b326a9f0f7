import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/ports.ts';
import type { Visitor } from '../domain/visitor.ts';

export interface RememberedVisitorsDeps {
  readonly clock: Clock;
  /** Another number after any change to sessions, users, devices or grants, in whatever process it was made. */
  peopleChanges(): number;
}

/** Who was recognised by which evidence, a moment ago. */
export interface RememberedVisitors {
  /** The same visitor, as the same value; null where it must be found out anew. */
  recall(evidence: string): Visitor | null;
  /** Recognises, and remembers. */
  recognise(evidence: string, find: () => Promise<Visitor>): Promise<Visitor>;
}

interface Remembered {
  readonly visitor: Visitor;
  readonly changes: number;
  readonly endsAt: number;
}

/** Sessions end and grants run out by themselves, too. */
const BELIEVED_MILLISECONDS = 1_000;
/** Anybody can send a long cookie. */
const MOST_BYTES = 32_000_000;
/** Of a visitor, with sets and grants. */
const VISITOR_BYTES = 1_000;

/** A viewer asks for dozens of tiles with the same evidence. A change counts from the next request on. */
export function createRememberedVisitors({ clock, peopleChanges }: RememberedVisitorsDeps): RememberedVisitors {
  const visitors = new LRUCache<string, Remembered>({
    maxSize: MOST_BYTES,
    sizeCalculation: (_, evidence) => VISITOR_BYTES + 2 * evidence.length,
  });

  return {
    recall(evidence) {
      const known = visitors.get(evidence);
      if (known === undefined) return null;
      const now = clock.now().getTime();
      const isOver = now >= known.endsAt || now < known.endsAt - BELIEVED_MILLISECONDS;
      return isOver || known.changes !== peopleChanges() ? null : known.visitor;
    },

    async recognise(evidence, find) {
      // Before the look-up: what changes while it is under way must not be missed.
      const changes = peopleChanges();
      const endsAt = clock.now().getTime() + BELIEVED_MILLISECONDS;
      const visitor = await find();
      visitors.set(evidence, { visitor, changes, endsAt });
      return visitor;
    },
  };
}
