import type { AccessModel } from '../domain/access.ts';
import { decide, findPolicy } from '../domain/decide.ts';
import type { Item } from '../domain/item.ts';
import { parseServiceName } from '../domain/item-service.ts';
import type { Clock } from '../domain/ports.ts';
import type { SeatOutcome, SeatStore } from '../domain/seat.ts';
import type { SessionId } from '../domain/session.ts';
import type { Visitor } from '../domain/visitor.ts';

export interface SeatingDeps {
  readonly seats: SeatStore;
  readonly clock: Clock;
  access(): AccessModel;
}

/** Seats for readers of items. What counts as one reader is a session. */
export interface Seating {
  /** The visitor, holding a seat of this item where that is what they lack and there is one. Counts as use of it. */
  seat(visitor: Visitor, item: Pick<Item, 'path' | 'tier'>): Promise<Visitor>;
  /** Whether there are seats for the item of this service. */
  hasSeats(service: string): boolean;
  /** The same as `seat`, for the item of a service, with a place in the queue where there is no seat. Null where a seat is not what the visitor lacks. */
  wait(visitor: Visitor, service: string): Promise<SeatOutcome | null>;
  /** Whether a seat of the service's item is all that the visitor lacks, and there is none. */
  isFull(visitor: Visitor, service: string): Promise<boolean>;
}

export function createSeating(deps: SeatingDeps): Seating {
  async function take(visitor: Visitor, item: string, waits: boolean): Promise<SeatOutcome | null> {
    const access = deps.access();
    if (visitor.sessionId === null || findPolicy(access, item)?.seats === undefined) return null;
    const now = deps.clock.now();
    const { reason } = decide(access, item, visitor, now);
    if (reason.code !== 'no-seat') return null;
    return deps.seats.take({ sessionId: visitor.sessionId, item, seats: reason.seats, now, waits });
  }

  const itemOf = (service: string): string | null => parseServiceName(service).path;
  return {
    async seat(visitor, { path, tier }) {
      const outcome = tier === undefined ? await take(visitor, path, false) : null;
      return outcome?.kind === 'seated' ? { ...visitor, seats: new Set([path]) } : visitor;
    },
    hasSeats(service) {
      const item = itemOf(service);
      return item !== null && findPolicy(deps.access(), item)?.seats !== undefined;
    },
    async wait(visitor, service) {
      const item = itemOf(service);
      return item === null ? null : take(visitor, item, true);
    },
    async isFull(visitor, service) {
      const item = itemOf(service);
      const outcome = item === null ? null : await take(visitor, item, false);
      return outcome !== null && outcome.kind !== 'seated';
    },
  };
}

/** Whoever gives up a service for one item gives back the seat of that item. */
export async function giveBackSeat(
  deps: { readonly seats: Pick<SeatStore, 'leave'> },
  sessionId: SessionId,
  service: string,
): Promise<void> {
  const { path } = parseServiceName(service);
  if (path !== null) await deps.seats.leave(sessionId, path);
}
