import type { AllowRule, Period, Policy } from '../domain/access.ts';
import { parseDate } from '../lib/written-date.ts';
import type { YamlEntry, YamlNode, YamlReading } from './yaml-reading.ts';

/** For the JSON Schema, which cannot tell whether there is such a day. */
export const DATE_PATTERN = '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2})?(Z|[+-]\\d{2}:\\d{2}))?$';

export function readDate(reading: YamlReading, { key, value }: YamlEntry): Date | null {
  const text = reading.text(value, `"${key}"`);
  if (text === null) return null;
  const date = parseDate(text);
  if (date === null) {
    reading.report(value, `"${key}" is a date such as 2027-01-31, or a time with its zone such as 2027-01-31T09:00+01:00, not ${text}.`);
  }
  return date;
}

/** `from` and `until` of a rule or a policy. */
export function readPeriod(reading: YamlReading, { from, until }: Readonly<Record<'from' | 'until', YamlEntry | null>>): Period {
  const [begins, ends] = [from, until].map((entry) => (entry === null ? null : readDate(reading, entry)));
  if (until !== null && begins != null && ends != null && begins >= ends) {
    reading.report(until.value, '"until" is not after "from", so there is no time between them.');
  }
  return { ...(begins == null ? {} : { from: begins }), ...(ends == null ? {} : { until: ends }) };
}

/** One entry of `allow`: a rule, or a time in which everyone is allowed. */
export type AllowEntry = { readonly kind: 'rule'; readonly rule: AllowRule } | { readonly kind: 'everyone'; readonly period: Period };

/** `- { everyone: true, from: …, until: … }` in `allow`; null for any other entry. */
export function readEveryone(reading: YamlReading, place: YamlNode, entries: readonly YamlEntry[]): AllowEntry | null {
  const find = (key: string) => entries.find((entry) => entry.key === key) ?? null;
  const everyone = find('everyone');
  if (everyone === null) return null;
  reading.checkKeys(entries, 'A rule for everyone', ['everyone', 'from', 'until'], []);
  if (reading.truth(everyone.value, '"everyone"') === false) reading.report(everyone.value, '"everyone" can only be true.');
  const [from, until] = [find('from'), find('until')];
  if (from === null && until === null)
    reading.report(place, 'A rule for everyone needs a time, "from" or "until". For everyone at any time, write allow: everyone.');
  return { kind: 'everyone', period: readPeriod(reading, { from, until }) };
}

/** What `allow` and the policy's own `from` and `until` come to: the policy's time limits each of its rules. */
export function limitAllow(
  reading: YamlReading,
  allow: 'everyone' | readonly AllowEntry[],
  { period, place, number }: { readonly period: Period; readonly place: YamlNode; readonly number: number },
): Pick<Policy, 'allow' | 'openIn'> {
  if (period.from === undefined && period.until === undefined && allow === 'everyone') return { allow };
  if (allow === 'everyone') return { allow: [], openIn: [period] };
  if (allow.length === 0 && (period.from !== undefined || period.until !== undefined)) {
    reading.report(place, `Policy ${number} allows nobody, so "from" and "until" would never count.`);
  }
  const openIn = allow.flatMap((entry) => (entry.kind === 'everyone' ? [within(entry.period, period)] : []));
  const rules = allow.flatMap((entry) => (entry.kind === 'rule' ? [{ ...entry.rule, ...within(entry.rule, period) }] : []));
  return { allow: rules, ...(openIn.length === 0 ? {} : { openIn }) };
}

function within(inner: Period, outer: Period): Period {
  const from = last(inner.from, outer.from);
  const until = first(inner.until, outer.until);
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

function last(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

function first(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}
