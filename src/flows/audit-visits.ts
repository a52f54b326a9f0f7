import type { Decision } from '../domain/access.ts';
import type { AuditTrail } from '../domain/audit.ts';
import type { Item } from '../domain/item.ts';
import type { Clock } from '../domain/ports.ts';
import { ruleInWords } from '../domain/rule-in-words.ts';
import { byPolicies } from '../domain/shadow.ts';
import type { Visitor } from '../domain/visitor.ts';
import { networkOf } from './limit-guesses.ts';

/** Who got what, and who did not. A viewer asks for an item a hundred times; it is written down once in a while. */
export interface VisitAudit {
  /** A visitor was given content of an item. Of what is open to everybody nothing is kept. */
  given(visitor: Visitor, item: VisitedItem, decision: Decision): void;
  /** A visitor was refused an item, its information document or its content. */
  refused(visitor: Visitor, item: VisitedItem, decision: Decision): void;
  /** An access service did not open to somebody, and why. */
  turnedAway(service: string, address: string, detail: string): void;
}

type VisitedItem = Pick<Item, 'path' | 'tier'>;

export interface VisitAuditDeps {
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Whether views of locked items are wanted. */
  readonly views: boolean;
  /** Told of each visit that the policies would have refused, had it not been shadow mode. */
  wouldRefuse(visitor: Visitor, path: string, would: Refused): void;
}

export type Refused = Exclude<Decision, { outcome: 'allowed' }>;

/** One visitor with one item is one event in this time. */
const ONCE_IN_MINUTES = 10;
/** Some ten megabytes. The oldest are forgotten first, and written down once more. */
const MOST_REMEMBERED = 50_000;
/** Of visitors who are not signed in, from one network: a script must not fill the disk. */
const MOST_REFUSALS = 100;

export function createVisitAudit({ audit, clock, views, wouldRefuse }: VisitAuditDeps): VisitAudit {
  const seen = new Map<string, number>();
  const refusals = new Map<string, { readonly since: number; readonly count: number }>();

  /** Whether it is the first time in a while. */
  function isNew(key: string): boolean {
    const now = clock.now().getTime();
    const last = seen.get(key);
    if (last !== undefined && now - last < ONCE_IN_MINUTES * 60_000) return false;
    seen.delete(key);
    seen.set(key, now);
    forgetOldest(seen);
    return true;
  }

  /** How many there were from the network in this time, this one among them. */
  function countRefusal(network: string): number {
    const now = clock.now().getTime();
    const before = refusals.get(network);
    const isOver = before === undefined || now - before.since >= ONCE_IN_MINUTES * 60_000;
    const counted = isOver ? { since: now, count: 1 } : { since: before.since, count: before.count + 1 };
    refusals.delete(network);
    refusals.set(network, counted);
    forgetOldest(refusals);
    return counted.count;
  }

  function noteLoss(visitor: Visitor, item: VisitedItem, would: Refused): void {
    if (!isNew(`shadow\n${nameVisitor(visitor)}\n${nameItem(item)}`)) return;
    wouldRefuse(visitor, item.path, would);
    // People only: those whom nobody knows are many, and counted.
    if (visitor.user !== null) record('would-be-refused', visitor, item, would);
  }

  function record(action: 'view' | 'refused' | 'would-be-refused', visitor: Visitor, item: VisitedItem, decision: Decision): void {
    void audit.record({
      action,
      actor: visitor.user?.name ?? null,
      address: visitor.address,
      item: item.path,
      service: 'service' in decision.reason ? decision.reason.service : null,
      rule: ruleInWords(decision),
      detail: item.tier === undefined ? null : `tier ${item.tier.name}`,
    });
  }

  return {
    given(visitor, item, given) {
      const decision = byPolicies(given);
      if (decision.outcome !== 'allowed') noteLoss(visitor, item, decision);
      if (!views || decision.outcome !== 'allowed' || decision.open) return;
      if (isNew(`view\n${nameVisitor(visitor)}\n${nameItem(item)}`)) record('view', visitor, item, decision);
    },

    refused(visitor, item, decision) {
      if (!isNew(`refused\n${nameVisitor(visitor)}\n${nameItem(item)}`)) return;
      const count = visitor.user === null ? countRefusal(networkOf(visitor.address)) : 0;
      if (count <= MOST_REFUSALS) record('refused', visitor, item, decision);
      if (count !== MOST_REFUSALS) return;
      const detail = `further refusals at this address are not written down for ${ONCE_IN_MINUTES} minutes`;
      void audit.record({ action: 'refused', address: visitor.address, detail });
    },

    turnedAway(service, address, detail) {
      if (isNew(`turned away\n${networkOf(address)}\n${service}`)) void audit.record({ action: 'refused', address, service, detail });
    },
  };
}

/** One session, wherever its address wanders; without one, one person or nobody in one network. */
function nameVisitor({ sessionId, user, address }: Visitor): string {
  return sessionId ?? `${user?.name ?? ''}\n${networkOf(address)}`;
}

function nameItem({ path, tier }: VisitedItem): string {
  return `${path}\n${tier?.name ?? ''}`;
}

function forgetOldest(map: Map<string, unknown>): void {
  if (map.size <= MOST_REMEMBERED) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
