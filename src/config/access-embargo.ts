import type { AllowRule, Embargo, Policy } from '../domain/access.ts';
import { readDate } from './access-dates.ts';
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
