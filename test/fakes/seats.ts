import { type SeatAsk, type SeatOutcome, type SeatStore, WAITING_SECONDS } from '../../src/domain/seat.ts';

interface Held {
  readonly sessionId: string;
  readonly item: string;
  seated: boolean;
  usedAt: number;
}

/** Seats in memory, in the order in which they were asked for. */
export class FakeSeats implements SeatStore {
  held: Held[] = [];

  async take({ sessionId, item, seats, now, waits }: SeatAsk): Promise<SeatOutcome> {
    const lasts = (row: Held) => (row.seated ? seats.minutes * 60 : WAITING_SECONDS) * 1000;
    this.held = this.held.filter((row) => row.item !== item || row.usedAt + lasts(row) > now.getTime());
    const rows = this.held.filter((row) => row.item === item);
    const own = rows.find((row) => row.sessionId === sessionId);
    const waiting = rows.filter((row) => !row.seated);
    const ahead = own === undefined ? waiting.length : waiting.indexOf(own);
    const seated = own?.seated === true || rows.length - waiting.length + ahead < seats.count;
    if (!seated && !waits && own === undefined) return { kind: 'full' };
    if (own === undefined) this.held.push({ sessionId, item, seated, usedAt: now.getTime() });
    else Object.assign(own, { seated, usedAt: now.getTime() });
    return seated ? { kind: 'seated' } : { kind: 'waiting', place: ahead + 1 };
  }

  async leave(sessionId: string, item: string): Promise<void> {
    this.held = this.held.filter((row) => row.item !== item || row.sessionId !== sessionId);
  }
}
