import type { SessionId } from './session.ts';

/** So many readers at once may have an item open; one who does not use it gives the seat back. */
export interface Seats {
  readonly count: number;
  /** Without a request of the reader. */
  readonly minutes: number;
}

export const MOST_SEATS = 10_000;
export const DEFAULT_SEAT_MINUTES = 15;
export const MOST_SEAT_MINUTES = 24 * 60;

/** Whoever waits asks every few seconds, by the page that says so; who has not asked for so long has left. */
export const WAITING_SECONDS = 60;

export type SeatOutcome =
  | { readonly kind: 'seated' }
  /** `place`: from 1. */
  | { readonly kind: 'waiting'; readonly place: number }
  /** There is none, and the reader does not wait. */
  | { readonly kind: 'full' };

export interface SeatAsk {
  readonly sessionId: SessionId;
  /** Path of the item. */
  readonly item: string;
  readonly seats: Seats;
  readonly now: Date;
  /** Whether the reader keeps a place in the queue where there is no seat. */
  readonly waits: boolean;
}

/** Seats of items, and the queues for them. They go with their session. */
export interface SeatStore {
  /** Takes a seat, or keeps the one that the reader has; a seat that is free goes to the first in the queue. Never more than there are, however many ask. */
  take(ask: SeatAsk): Promise<SeatOutcome>;
  /** Gives back the seat, or the place in the queue. */
  leave(sessionId: SessionId, item: string): Promise<void>;
}
