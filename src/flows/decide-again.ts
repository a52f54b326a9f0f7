import type { AccessModel, Decision } from '../domain/access.ts';
import { decide } from '../domain/decide.ts';
import type { Item } from '../domain/item.ts';
import type { Visitor } from '../domain/visitor.ts';

interface Decided {
  readonly access: AccessModel;
  readonly at: number;
  readonly decision: Decision;
}

const decisions = new WeakMap<Visitor, Map<string, Decided>>();

/** Of one visitor, who is remembered for a moment only. */
const MOST_DECISIONS = 1_000;

/**
 * What `decide` says, as the same value as long as it cannot be another: for the same visitor, access file and item, and
 * not beyond the time at which it may change by itself.
 */
export function decideAgain(access: AccessModel, { path, tier }: Pick<Item, 'path' | 'tier'>, visitor: Visitor, now: Date): Decision {
  const known = decisions.get(visitor) ?? new Map<string, Decided>();
  const key = tier === undefined ? path : `${path}\n${tier.name}`;
  const last = known.get(key);
  if (last !== undefined && last.access === access && holds(last, now)) return last.decision;
  const decision = decide(access, path, visitor, now, tier);
  if (known.size >= MOST_DECISIONS) known.clear();
  known.set(key, { access, at: now.getTime(), decision });
  decisions.set(visitor, known);
  return decision;
}

function holds({ at, decision: { until } }: Decided, now: Date): boolean {
  return now.getTime() >= at && (until === undefined || now < until);
}
