import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpen, nextChange, nextOpening, type OpeningHours, type Span } from './opening-hours.ts';

const NINE_TO_FIVE: Span = { from: 540, until: 1020 };
const WEEKDAYS = [1, 2, 3, 4, 5].map(() => [NINE_TO_FIVE]);
const BERLIN: OpeningHours = { zone: 'Europe/Berlin', days: [...WEEKDAYS, [], []], closed: [] };

const iso = (date: Date | null) => date?.toISOString() ?? null;
const opens = (hours: OpeningHours, at: string) => iso(nextOpening(hours, new Date(at)));
const changes = (hours: OpeningHours, at: string) => iso(nextChange(hours, new Date(at)));

describe('opening hours', () => {
  it.each([
    // Thursday, in summer time.
    ['2026-07-23T06:59:59Z', false],
    ['2026-07-23T07:00:00Z', true],
    ['2026-07-23T14:59:59Z', true],
    ['2026-07-23T15:00:00Z', false],
    // In winter an hour later by UTC.
    ['2026-11-19T07:59:59Z', false],
    ['2026-11-19T08:00:00Z', true],
    // A Saturday.
    ['2026-11-21T10:00:00Z', false],
  ])('are by the clock of the place: %s is %s', (at, open) => {
    expect(isOpen(BERLIN, new Date(at))).toBe(open);
  });

  it('say when it closes, and when it opens next, over a weekend too', () => {
    expect(changes(BERLIN, '2026-11-19T10:00:00Z')).toBe('2026-11-19T16:00:00.000Z');
    expect(opens(BERLIN, '2026-11-19T10:00:00Z')).toBeNull();
    expect(opens(BERLIN, '2026-11-20T16:00:00Z')).toBe('2026-11-23T08:00:00.000Z');
    expect(opens(BERLIN, '2026-10-23T20:00:00Z')).toBe('2026-10-26T08:00:00.000Z');
  });

  it('have closed days, of one year or of every year, and from one to another over the turn of the year', () => {
    const closed = [
      { first: '2026-11-23', last: '2026-11-23' },
      { first: '12-24', last: '01-01' },
      { first: '2027-01-04', last: '2027-01-08' },
    ];
    expect(opens({ ...BERLIN, closed }, '2026-11-20T16:00:00Z')).toBe('2026-11-24T08:00:00.000Z');
    expect(opens({ ...BERLIN, closed }, '2026-12-23T16:00:00Z')).toBe('2027-01-11T08:00:00.000Z');
    expect(opens({ ...BERLIN, closed }, '2030-12-23T16:00:00Z')).toBe('2031-01-02T08:00:00.000Z');
  });

  it('may be several in a day, and may go on past midnight', () => {
    const evenings = [
      { from: 600, until: 720 },
      { from: 1320, until: 1560 },
    ];
    const bar: OpeningHours = { zone: 'Europe/Berlin', days: [[], [], [], [], evenings, [], []], closed: [] };
    expect(opens(bar, '2026-11-20T08:00:00Z')).toBe('2026-11-20T09:00:00.000Z');
    expect(changes(bar, '2026-11-20T12:00:00Z')).toBe('2026-11-20T21:00:00.000Z');
    expect(isOpen(bar, new Date('2026-11-21T00:59:00Z'))).toBe(true);
    expect(changes(bar, '2026-11-21T00:59:00Z')).toBe('2026-11-21T01:00:00.000Z');
  });

  it('begin late in the night when the clock is put forward, and are as long as the clock shows when it is put back', () => {
    const night: OpeningHours = { ...BERLIN, days: Array.from({ length: 7 }, () => [{ from: 150, until: 240 }]) };
    // 29 March: 02:00 is 03:00. There is no 02:30.
    expect(opens(night, '2026-03-29T00:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(changes(night, '2026-03-29T01:30:00Z')).toBe('2026-03-29T02:00:00.000Z');
    // 25 October: 03:00 is 02:00 once more, and 02:30 comes twice.
    expect(opens(night, '2026-10-25T00:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(changes(night, '2026-10-25T00:45:00Z')).toBe('2026-10-25T01:00:00.000Z');
    expect(opens(night, '2026-10-25T01:00:00Z')).toBe('2026-10-25T01:30:00.000Z');
    expect(changes(night, '2026-10-25T01:30:00Z')).toBe('2026-10-25T03:00:00.000Z');
  });

  it('that never end change nothing for a year, and those that never begin open never', () => {
    const always = Array.from({ length: 7 }, () => [{ from: 0, until: 1440 }]);
    expect(nextChange({ ...BERLIN, days: always }, new Date(0)).getUTCFullYear()).toBe(1971);
    expect(opens({ ...BERLIN, days: [] }, '2026-10-25T01:00:00Z')).toBeNull();
  });
});

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC', 'Africa/Cairo', 'America/St_Johns'];
const span = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .map(([from, long]) => ({ from, until: from + long }));
const anyHours: fc.Arbitrary<OpeningHours> = fc.record({
  zone: fc.constantFrom(...ZONES),
  days: fc.array(fc.array(span, { maxLength: 2 }), { minLength: 7, maxLength: 7 }),
  closed: fc.subarray([
    { first: '2026-03-28', last: '2026-03-28' },
    { first: '10-25', last: '10-25' },
  ]),
});
/** Around the nights in which clocks are changed somewhere. */
const NIGHTS = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-04-24', '2026-10-04', '2026-10-25', '2026-10-30', '2026-11-01'];
const anyMoment = fc
  .tuple(fc.constantFrom(...NIGHTS), fc.integer({ min: -2880, max: 2880 }))
  .map(([night, minutes]) => new Date(Date.parse(night) + minutes * 60_000));

describe('the next change', () => {
  it('is the first one there is, in every zone, minute by minute, whatever the clocks do', () => {
    fc.assert(
      fc.property(anyHours, anyMoment, (hours, at) => {
        const fresh = () => ({ ...hours });
        const until = nextChange(fresh(), at);
        const open = isOpen(fresh(), at);
        const last = Math.min(until.getTime(), at.getTime() + 86_400_000);
        for (let time = at.getTime() + 60_000; time < last; time += 7 * 60_000) expect(isOpen(fresh(), new Date(time))).toBe(open);
        expect(isOpen(fresh(), new Date(until.getTime() - 60_000))).toBe(open);
        if (until.getTime() < at.getTime() + 300 * 86_400_000) expect(isOpen(fresh(), until)).toBe(!open);
      }),
      { numRuns: 25 },
    );
  });
});
