import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheSeats } from '../../src/adapters/cache/seats.ts';
import type { Database } from '../../src/adapters/storage/database.ts';
import type { SeatStore } from '../../src/domain/seat.ts';
import type { SessionId } from '../../src/domain/session.ts';
import { FakeSeats } from '../fakes/seats.ts';
import { AT, addSession, END } from './stored-people.ts';

const ITEM = 'letters/anna.jpg';
const SEATS = { count: 2, minutes: 5 };
const later = (seconds: number) => new Date(AT.getTime() + seconds * 1000);
const id = (number: number) => `ses_${number}` as SessionId;

/** What every `SeatStore` does. */
export function describeSeatStore(engine: string, open: () => Promise<Database>): void {
  describe.each([
    ['in', (db: Database): SeatStore => db.seats],
    ['kept for seconds before', (db: Database): SeatStore => cacheSeats(db.seats)],
    ['of the fake beside', (): SeatStore => new FakeSeats()],
  ])(`seats %s ${engine}`, (_how, storeOf) => {
    let db: Database;
    let seats: SeatStore;
    beforeEach(async () => {
      db = await open();
      seats = storeOf(db);
      for (let number = 1; number <= 9; number += 1) await addSession(db, id(number));
    });
    afterEach(() => db.close());

    const take = (number: number, seconds: number, waits = false, item = ITEM) =>
      seats.take({ sessionId: id(number), item, seats: SEATS, now: later(seconds), waits });
    const kinds = async (...asked: Promise<{ kind: string }>[]) => (await Promise.all(asked)).map(({ kind }) => kind);

    it('are as many as there are, for each item its own', async () => {
      expect([await take(1, 0), await take(2, 1), await take(3, 2)].map(({ kind }) => kind)).toEqual(['seated', 'seated', 'full']);
      expect(await take(3, 3, false, 'letters/other.jpg')).toEqual({ kind: 'seated' });
      expect(await take(1, 4)).toEqual({ kind: 'seated' });
    });

    it('are never more, however many readers ask at once', async () => {
      const found = await kinds(...Array.from({ length: 90 }, (_, at) => take((at % 9) + 1, 0, at % 2 === 0)));
      expect(
        new Set(Array.from({ length: 90 }, (_, at) => (found[at] === 'seated' ? (at % 9) + 1 : 0)).filter((each) => each > 0)).size,
      ).toBe(2);
    });

    it('go to those who wait, in their order, and to nobody before them', async () => {
      await take(1, 0);
      await take(2, 0);
      expect(await take(3, 1, true)).toEqual({ kind: 'waiting', place: 1 });
      expect(await take(4, 2, true)).toEqual({ kind: 'waiting', place: 2 });
      await seats.leave(id(1), ITEM);
      expect(await take(5, 3)).toEqual({ kind: 'full' });
      expect(await take(4, 4, true)).toEqual({ kind: 'waiting', place: 2 });
      expect(await take(3, 5, true)).toEqual({ kind: 'seated' });
      expect(await take(4, 6, true)).toEqual({ kind: 'waiting', place: 1 });
    });

    it('do not wait for whoever has left the queue', async () => {
      await take(1, 0);
      await take(2, 0);
      await take(3, 1, true);
      await take(4, 2, true);
      await take(4, 50, true);
      await seats.leave(id(2), ITEM);
      expect(await take(4, 62, true)).toEqual({ kind: 'seated' });
      expect(await take(3, 63, true)).toEqual({ kind: 'waiting', place: 1 });
    });

    it('move with the session at a sign-in', async () => {
      if (seats instanceof FakeSeats) return;
      await take(1, 0);
      await take(2, 0);
      await db.sessions.rotate(id(1), {
        id: 'ses_new',
        sessionSecretHash: 'a',
        accessSecretHash: 'b',
        userId: null,
        createdAt: AT,
        endsAt: END,
      });
      expect(await seats.take({ sessionId: 'ses_new', item: ITEM, seats: SEATS, now: later(1), waits: false })).toEqual({ kind: 'seated' });
      expect(await take(3, 2)).toEqual({ kind: 'full' });
    });
  });

  describe(`seats stored in ${engine}`, () => {
    let db: Database;
    beforeEach(async () => {
      db = await open();
      for (let number = 1; number <= 3; number += 1) await addSession(db, id(number));
    });
    afterEach(() => db.close());
    const take = (number: number, seconds: number) =>
      db.seats.take({ sessionId: id(number), item: ITEM, seats: { count: 1, minutes: 5 }, now: later(seconds), waits: false });

    it('are kept by use, and lapse without', async () => {
      await take(1, 0);
      await take(1, 200);
      expect(await take(2, 400)).toEqual({ kind: 'full' });
      expect(await take(2, 500)).toEqual({ kind: 'seated' });
      expect(await take(1, 501)).toEqual({ kind: 'full' });
    });

    it('are free once the session of the reader has ended, which gets none any more', async () => {
      await take(1, 0);
      await db.sessions.remove(id(1));
      expect(await take(2, 1)).toEqual({ kind: 'seated' });
      await db.sessions.remove(id(2));
      expect(await take(2, 2)).toEqual({ kind: 'full' });
    });
  });
}
