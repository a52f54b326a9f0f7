import type { ClosedDays, OpeningHours, Span } from '../domain/opening-hours.ts';
import { nearestWord } from '../lib/nearest-word.ts';
import { parseDate } from '../lib/written-date.ts';
import type { YamlEntry, YamlNode, YamlReading } from './yaml-reading.ts';

const DAYS: readonly string[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const SPAN = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)$/;
const YEARLY = /^\d{2}-\d{2}$/;
/** Of spans in a day, and of closed days: what a person writes. */
const MOST_SPANS = 12;
const MOST_CLOSED = 366;

/** `hours` of a service: `{ zone: Europe/Berlin, monday-friday: 09:00-17:00, saturday: [10:00-12:00, 13:00-15:00], closed: [2026-12-24] }`. */
export function readHours(reading: YamlReading, entry: YamlEntry | null): { readonly hours?: OpeningHours } {
  const mistakes = reading.mistakes.length;
  const entries = entry === null ? null : reading.entries(entry.value, '"hours"');
  if (entry === null || entries === null) return {};
  const zone = readZone(reading, entry, entries.find(({ key }) => key === 'zone') ?? null);
  const closed = readClosed(reading, entries.find(({ key }) => key === 'closed') ?? null);
  const given = entries.filter(({ key }) => key !== 'zone' && key !== 'closed').flatMap((each) => readDays(reading, each));
  const days = DAYS.map((_, day) => spansOf(reading, day, given));
  // Where something else is wrong, that may be why.
  if (reading.mistakes.length === mistakes && days.every((spans) => spans.length === 0))
    reading.report(entry.value, '"hours" names no day on which it opens, such as monday-friday: 09:00-17:00.');
  return zone === null ? {} : { hours: { zone, days, closed } };
}

function readZone(reading: YamlReading, hours: YamlEntry, entry: YamlEntry | null): string | null {
  if (entry === null) {
    reading.report(hours.value, '"hours" has no zone, such as Europe/Berlin: the clock that counts.');
    return null;
  }
  const zone = reading.text(entry.value, '"zone"');
  if (zone === null || isZone(zone)) return zone;
  reading.report(entry.value, `There is no time zone "${zone}". It is one such as Europe/Berlin, America/New_York or UTC.`);
  return null;
}

/** By name: an offset knows no summer. */
function isZone(name: string): boolean {
  try {
    return !/^[+-]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

interface DaysGiven {
  /** Monday is 0. */
  readonly days: readonly number[];
  readonly isRange: boolean;
  readonly spans: readonly Span[];
  readonly place: YamlNode;
}

function readDays(reading: YamlReading, { key, keyNode, value }: YamlEntry): readonly DaysGiven[] {
  const [first = '', last = first, more] = key.split('-');
  const [begin, end] = [first, last].map((name) => DAYS.indexOf(name));
  if (begin === undefined || end === undefined || begin < 0 || end < 0 || more !== undefined) {
    const near = nearestWord(key, [...DAYS, 'zone', 'closed']);
    reading.report(
      keyNode,
      `Unknown key "${key}". ${near === null ? '"hours" has zone, days such as monday or monday-friday, and closed.' : `Did you mean "${near}"?`}`,
    );
    return [];
  }
  const length = ((end - begin + 7) % 7) + 1;
  const days = Array.from({ length }, (_, at) => (begin + at) % 7);
  return [{ days, isRange: first !== last, spans: readSpans(reading, key, value), place: keyNode }];
}

function readSpans(reading: YamlReading, key: string, value: YamlNode): readonly Span[] {
  if (reading.textIfAny(value) === 'closed') return [];
  const places = reading.isList(value) ? (reading.list(value, `"${key}"`) ?? []) : [value];
  if (places.length === 0 || places.length > MOST_SPANS) {
    reading.report(value, `"${key}" has one to ${MOST_SPANS} times such as 09:00-17:00, or is closed.`);
  }
  return places.flatMap((place) => {
    const text = reading.text(place, `A time of "${key}"`);
    const span = text === null ? null : parseSpan(text);
    if (text !== null && span === null) reading.report(place, `A time of "${key}" is written 09:00-17:00, not ${text}.`);
    return span === null ? [] : [span];
  });
}

/** `22:00-02:00` ends on the next day, and `09:00-24:00` at midnight. */
function parseSpan(text: string): Span | null {
  const [, fromHour, fromMinute, untilHour, untilMinute] = SPAN.exec(text) ?? [];
  if (fromHour === undefined || (untilHour === '24' && untilMinute !== '00')) return null;
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const until = Number(untilHour) * 60 + Number(untilMinute);
  if (from === until) return null;
  return { from, until: until < from ? until + 1440 : until };
}

/** A day that is named alone has what is said there; else what is said of the one range that it is in. */
function spansOf(reading: YamlReading, day: number, given: readonly DaysGiven[]): readonly Span[] {
  const about = given.filter(({ days }) => days.includes(day));
  const own = about.find(({ isRange }) => !isRange);
  const [first, second] = about.filter(({ isRange }) => isRange);
  if (own === undefined && second !== undefined) reading.report(second.place, `"hours" says two things about ${DAYS[day]}.`);
  return (own ?? first)?.spans ?? [];
}

function readClosed(reading: YamlReading, entry: YamlEntry | null): readonly ClosedDays[] {
  if (entry === null) return [];
  const places = reading.list(entry.value, '"closed"') ?? [];
  if (places.length > MOST_CLOSED) reading.report(entry.value, `"closed" lists more than ${MOST_CLOSED} days.`);
  return places.flatMap((place) => {
    const text = reading.text(place, 'A day of "closed"');
    const days = text === null ? null : parseClosed(text);
    if (text !== null && days === null) {
      reading.report(
        place,
        `A day of "closed" is written 2026-12-24, or every year 12-24; several are 2026-12-24/2027-01-02. Not ${text}.`,
      );
    }
    return days === null ? [] : [days];
  });
}

function parseClosed(text: string): ClosedDays | null {
  const [first = '', last = first, more] = text.split('/');
  if (more !== undefined || !isDayText(first) || !isDayText(last) || first.length !== last.length) return null;
  return first.length === 10 && first > last ? null : { first, last };
}

function isDayText(text: string): boolean {
  return YEARLY.test(text) ? parseDate(`2024-${text}`) !== null : text.length === 10 && parseDate(text) !== null;
}

/** For the JSON Schema of the access file. */
export function hoursSchema(): object {
  const span = { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d-(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' };
  const day = `(${DAYS.join('|')})`;
  return {
    description: 'It opens in these hours only, by the clock of the zone, and what was got there counts in these hours only.',
    type: 'object',
    additionalProperties: false,
    required: ['zone'],
    minProperties: 2,
    properties: {
      zone: { description: 'The clock that counts: a time zone such as Europe/Berlin.', $ref: '#/$defs/text' },
      closed: {
        description: 'Days on which it does not open: 2026-12-24, every year 12-24, or several 2026-12-24/2027-01-02.',
        type: 'array',
        maxItems: MOST_CLOSED,
        items: { type: 'string', pattern: '^(\\d{4}-)?\\d{2}-\\d{2}(/(\\d{4}-)?\\d{2}-\\d{2})?$' },
      },
    },
    patternProperties: {
      [`^${day}(-${day})?$`]: {
        description: 'Times such as 09:00-17:00, or closed. A day that is named alone has what is said there.',
        anyOf: [{ const: 'closed' }, span, { type: 'array', minItems: 1, maxItems: MOST_SPANS, items: span }],
      },
    },
  };
}
