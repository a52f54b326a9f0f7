import type { ListedAccessRequest } from '../../domain/access-request.ts';
import type { AuditTrail } from '../../domain/audit.ts';
import { covers, writeGrantEnd } from '../../domain/item-grant.ts';
import type { AccessRequestStore, Clock, ItemGrantStore } from '../../domain/ports.ts';

export interface DecideRequestDeps {
  readonly accessRequests: AccessRequestStore;
  readonly itemGrants: ItemGrantStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Who decides. */
export interface Deciding {
  readonly name: string;
  readonly address: string;
}

/** `other-items`: what would be granted does not hold what was asked for. */
export type DecideOutcome = 'decided' | 'not-open' | 'too-many' | 'other-items';

export async function grantRequest(
  { accessRequests, itemGrants, audit, clock }: DecideRequestDeps,
  request: ListedAccessRequest,
  by: Deciding,
  granted: { readonly items: string; readonly until: Date; readonly answer: string | null },
): Promise<DecideOutcome> {
  const { items, until, answer } = granted;
  if (!covers({ items, until }, request.item)) return 'other-items';
  const now = clock.now();
  const grant = await itemGrants.add({ userId: request.userId, items, until, note: 'asked for', createdBy: by.name, createdAt: now });
  if (grant === null) return 'too-many';
  if (!(await accessRequests.decide(request.id, { kind: 'granted', at: now, by: by.name, answer, items, until }))) {
    await itemGrants.remove(grant.id);
    return 'not-open';
  }
  const entry = { actor: by.name, address: by.address, target: request.userName, item: items };
  await audit.record({ action: 'request.granted', ...entry, detail: `until ${writeGrantEnd(until, 'en')}` });
  return 'decided';
}

export async function declineRequest(
  { accessRequests, audit, clock }: Omit<DecideRequestDeps, 'itemGrants'>,
  request: ListedAccessRequest,
  by: Deciding,
  answer: string,
): Promise<DecideOutcome> {
  if (!(await accessRequests.decide(request.id, { kind: 'declined', at: clock.now(), by: by.name, answer }))) return 'not-open';
  await audit.record({ action: 'request.declined', actor: by.name, address: by.address, target: request.userName, item: request.item });
  return 'decided';
}
