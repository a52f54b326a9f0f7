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
