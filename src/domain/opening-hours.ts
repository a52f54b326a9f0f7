/**
 * Opening hours by the clock on the wall of a place: whatever that shows, also in a night in which it is put forward or back,
 * decides. Pure; the zones are those of Intl.
 */

export interface OpeningHours {
  /** IANA name: `Europe/Berlin`. */
  readonly zone: string;
  /** Of each day of the week, Monday first. */
  readonly days: ReadonlyArray<readonly Span[]>;
  readonly closed: readonly ClosedDays[];
}

/** Minutes since midnight; `until` may lie in the next day, and is then more than 1440. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Days, both of them and what is between: `2026-12-24`, or every year `12-24`. */
export interface ClosedDays {
  readonly first: string;
  readonly last: string;
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const WEEK = 7 * DAY;
/** Nobody looks further ahead. */
const LOOK_AHEAD_WEEKS = 53;

export function isOpen(hours: OpeningHours, at: Date): boolean {
  return stretchAt(hours, at).open;
}

/** The next moment at which it opens or closes; one after which nobody has looked, where there is none in a year. */
export function nextChange(hours: OpeningHours, at: Date): Date {
  return stretchAt(hours, at).until;
}

/** When it opens next, where it is closed; null where it is open, or does not open within a year. */
export function nextOpening(hours: OpeningHours, at: Date): Date | null {
  const { open, until } = stretchAt(hours, at);
  return open || !showsOpen(hours, until) ? null : until;
}

/** A time without a change. */
interface Stretch {
  readonly open: boolean;
  readonly from: Date;
  readonly until: Date;
}

/** The last one of each: tiles ask a hundred times a second. */
const stretches = new WeakMap<OpeningHours, Stretch>();

function stretchAt(hours: OpeningHours, at: Date): Stretch {
  const known = stretches.get(hours);
  if (known !== undefined && at >= known.from && at < known.until) return known;
  const stretch = { open: showsOpen(hours, at), from: at, until: findChange(hours, at) };
  stretches.set(hours, stretch);
  return stretch;
}

function findChange(hours: OpeningHours, at: Date): Date {
  const open = showsOpen(hours, at);
  for (let week = 0; week < LOOK_AHEAD_WEEKS; week += 1) {
    const times = boundariesAfter(hours, at.getTime() + week * WEEK).filter((time) => showsOpen(hours, time) !== open);
    if (times.length > 0) return new Date(Math.min(...times.map(Number)));
  }
  return new Date(at.getTime() + LOOK_AHEAD_WEEKS * WEEK);
}

/** Every moment of a week at which it may open or close. What begins on one day may end on the next, and no place is a day ahead. */
function boundariesAfter(hours: OpeningHours, begins: number): readonly Date[] {
  const first = dayOf(begins) - 3 * DAY;
  const days = Array.from({ length: 14 }, (_, day) => first + day * DAY);
  const times = days.flatMap((day) => boundariesOf(hours, day));
  return times.filter((time) => time.getTime() > begins && time.getTime() <= begins + WEEK);
}

/** Every moment at which it may open or close by what is said of one day: midnight of that day, as if the place were in UTC. */
function boundariesOf(hours: OpeningHours, day: number): readonly Date[] {
  const minutes = spansOf(hours, day).flatMap(({ from, until }) => [from, until]);
  return [...minutes.flatMap((minute) => instantsOf(hours.zone, day + minute * MINUTE)), ...clockChange(hours.zone, day)];
}

function showsOpen(hours: OpeningHours, at: Date): boolean {
  const wall = wallTime(hours.zone, at);
  const day = dayOf(wall);
  const minute = (wall - day) / MINUTE;
  const isIn = (time: number) => (span: Span) => time >= span.from && time < span.until;
  return spansOf(hours, day).some(isIn(minute)) || spansOf(hours, day - DAY).some(isIn(minute + 1440));
}

function spansOf({ days, closed }: OpeningHours, day: number): readonly Span[] {
  const date = new Date(day);
  const written = date.toISOString().slice(0, 10);
  if (closed.some((days) => isWithin(written, days))) return [];
  return days[(date.getUTCDay() + 6) % 7] ?? [];
}

function isWithin(date: string, { first, last }: ClosedDays): boolean {
  const day = first.length === 5 ? date.slice(5) : date;
  return first <= last ? day >= first && day <= last : day >= first || day <= last;
}

function dayOf(wall: number): number {
  return Math.floor(wall / DAY) * DAY;
}

/** Each moment at which the clock shows this: none, one or two. Others may be among them, a day in which it is changed has so many. */
function instantsOf(zone: string, wall: number): readonly Date[] {
  const offsets = new Set([-DAY, DAY].map((away) => offsetAt(zone, new Date(wall + away))));
  return [...offsets].map((offset) => new Date(wall - offset));
}

/** The moment within two days of this one at which the clock is put forward or back. */
function clockChange(zone: string, day: number): readonly Date[] {
  let before = day - DAY;
  let after = day + 2 * DAY;
  const offset = offsetAt(zone, new Date(before));
  if (offset === offsetAt(zone, new Date(after))) return [];
  while (after - before > MINUTE) {
    const middle = before + Math.floor((after - before) / MINUTE / 2) * MINUTE;
    if (offsetAt(zone, new Date(middle)) === offset) before = middle;
    else after = middle;
  }
  return [new Date(after)];
}

function offsetAt(zone: string, at: Date): number {
  return wallTime(zone, at) - Math.floor(at.getTime() / MINUTE) * MINUTE;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock shows, to the minute, as milliseconds since 1970 as if it were in UTC. */
function wallTime(zone: string, at: Date): number {
  const known = formats.get(zone);
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = known ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, calendar: 'gregory', hourCycle: 'h23', ...numeric });
  if (known === undefined) formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'] ?? 1, parts['hour'] ?? 0, parts['minute'] ?? 0);
}
