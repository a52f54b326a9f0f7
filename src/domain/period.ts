import type { AllowRule, Decision, Period, Policy, Timing } from './access.ts';
import { rulesOfPolicy } from './item-service.ts';

/** Whether it is in force: from `from` on, and until before `until`. */
export function isInForce({ from, until }: Period, now: Date): boolean {
  return (from === undefined || now >= from) && (until === undefined || now < until);
}

/** What opens the items of a policy at this time: those of its embargo, or those whose own time it is. */
export function rulesInForce(policy: Policy, now: Date): Policy['allow'] {
  if (isEmbargoed(policy, now)) return policy.embargo?.allow.filter((rule) => isInForce(rule, now)) ?? [];
  if (policy.allow === 'everyone' || policy.openIn?.some((period) => isInForce(period, now)) === true) return 'everyone';
  return policy.allow.filter((rule) => isInForce(rule, now));
}

export function isEmbargoed({ embargo }: Policy, now: Date): boolean {
  return embargo !== undefined && now < embargo.until;
}

/** All that a policy has with a time of its own, at its present stage: its embargo, or what comes after. */
function periodsNow(policy: Policy, now: Date): readonly Period[] {
  const rules: readonly AllowRule[] | 'everyone' = isEmbargoed(policy, now) ? (policy.embargo?.allow ?? []) : policy.allow;
  return [...(isEmbargoed(policy, now) ? [] : (policy.openIn ?? [])), ...(rules === 'everyone' ? [] : rules)];
}

/** When the next thing that is not in force yet will be; null where nothing is to come. */
function nextBeginning(policy: Policy, now: Date): Date | null {
  return earliest(periodsNow(policy, now).flatMap(({ from }) => (from !== undefined && now < from ? [from] : [])));
}

/** When the last thing ended that was in force; null where nothing has ended. */
function lastEnd(policy: Policy, now: Date): Date | null {
  const ends = periodsNow(policy, now).flatMap(({ until }) => (until !== undefined && now >= until ? [until] : []));
  return ends.length === 0 ? null : new Date(Math.max(...ends.map(Number)));
}

/** What its times have to do with it that a policy lets somebody in no further. `closed`: nobody is let in now. */
export function timesOf(
  policy: Policy,
  now: Date,
  closed: boolean,
): Pick<Exclude<Decision, { outcome: 'allowed' }>, 'embargoUntil' | 'timing'> {
  if (policy.embargo !== undefined && now < policy.embargo.until) return { embargoUntil: policy.embargo.until };
  const timing = timingOf(policy, now, closed);
  return timing === null ? {} : { timing };
}

function timingOf(policy: Policy, now: Date, closed: boolean): Timing | null {
  const opensAt = nextBeginning(policy, now);
  if (opensAt !== null) return { opensAt };
  const closedSince = closed ? lastEnd(policy, now) : null;
  return closedSince === null ? null : { closedSince };
}

/** The next date at which anything that a policy says begins or ends; null where none is to come. */
export function nextDate(policy: Policy, now: Date): Date | null {
  return earliest(datesOf(policy).filter((date) => now < date));
}

const knownDates = new WeakMap<Policy, readonly Date[]>();

function datesOf(policy: Policy): readonly Date[] {
  const known = knownDates.get(policy);
  if (known !== undefined) return known;
  const periods: readonly Period[] = [...(policy.openIn ?? []), ...rulesOfPolicy(policy)];
  const dates = [policy.embargo?.until, ...periods.flatMap(({ from, until }) => [from, until])].filter((date) => date !== undefined);
  knownDates.set(policy, dates);
  return dates;
}

/** When the first of several answers may change by itself. */
export function firstOf(answers: ReadonlyArray<{ readonly until?: Date | undefined }>): Date | undefined {
  return earliest(answers.flatMap(({ until }) => until ?? [])) ?? undefined;
}

export function earliest(dates: readonly Date[]): Date | null {
  return dates.length === 0 ? null : new Date(Math.min(...dates.map(Number)));
}
