import type { AllowRule, Embargo, Policy } from '../domain/access.ts';
import type { YamlEntry, YamlReading } from './yaml-reading.ts';

/** What embargoes have in common with the rest of the file. */
interface EmbargoParts {
  readonly policy: { readonly number: number };
  readRules(entry: YamlEntry): readonly AllowRule[];
}

/** `embargoUntil` and `duringEmbargo` of a policy. */
export function readEmbargo(
  reading: YamlReading,
  { until, during }: { readonly until: YamlEntry | null; readonly during: YamlEntry | null },
  { policy, readRules }: EmbargoParts,
): Pick<Policy, 'embargo'> {
  if (until === null) {
    if (during !== null)
      reading.report(during.keyNode, `Policy ${policy.number} has no embargoUntil, so "duringEmbargo" would never count.`);
    return {};
  }
  const date = readDate(reading, until);
  const embargo: Embargo | null =
    date === null ? null : { until: date, allow: during === null ? [] : readDuring(reading, during, readRules) };
  return embargo === null ? {} : { embargo };
}

function readDuring(reading: YamlReading, entry: YamlEntry, readRules: EmbargoParts['readRules']): readonly AllowRule[] {
  if (reading.textIfAny(entry.value) === 'nobody') return [];
  if (reading.isList(entry.value)) return readRules(entry);
  reading.report(entry.value, '"duringEmbargo" must be nobody or a list of rules such as { service: staff }.');
  return [];
}

/** ISO 8601: a date, which begins at midnight UTC, or a date with time and zone. */
const WRITTEN = /^(\d{4})-(\d{2})-(\d{2})(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d))?$/;

function readDate(reading: YamlReading, { key, value }: YamlEntry): Date | null {
  const text = reading.text(value, `"${key}"`);
  if (text === null) return null;
  const [, year, month, day] = WRITTEN.exec(text) ?? [];
  if (year !== undefined && isDay(Number(year), Number(month), Number(day))) return new Date(text);
  reading.report(value, `"${key}" is a date such as 2027-01-31, or a time with its zone such as 2027-01-31T09:00+01:00, not ${text}.`);
  return null;
}

/** JavaScript takes 30 February for 2 March. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
