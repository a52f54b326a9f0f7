/** ISO 8601: a date, which begins at midnight UTC, or a date with time and zone. */
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d))?$/;

/** `2027-01-31`, which begins at midnight UTC, or `2027-01-31T09:00+01:00`; null for anything else. */
export function parseDate(text: string): Date | null {
  const [, year, month, day] = ISO.exec(text) ?? [];
  return year !== undefined && isDay(Number(year), Number(month), Number(day)) ? new Date(text) : null;
}

/** JavaScript takes 30 February for 2 March. `month` counts from 1. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** `Monday 23 November 2026, 09:00 (Europe/Berlin)`: by the clock of a zone, which it names. */
export function writeDayAndTime(at: Date, language: string, zone: string): string {
  const locale = language === 'en' ? 'en-GB' : language;
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: zone }).format(at);
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone }).format(at);
  return `${day}, ${time} (${zone})`;
}

/** A date for people, in their language: `1 January 2027`, with the time where it is not midnight. In UTC, which a time says. */
export function writeDate(at: Date, language: string): string {
  const isMidnight = at.getTime() % 86_400_000 === 0;
  // British order: the American one starts with the month, and a reader elsewhere takes it for a typing mistake.
  const locale = language === 'en' ? 'en-GB' : language;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
  if (isMidnight) return date;
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' }).format(at);
  return `${date}, ${time} UTC`;
}
