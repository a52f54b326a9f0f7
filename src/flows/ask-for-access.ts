import type { AccessModel } from '../domain/access.ts';
import type { AccessRequest, AccessRequestId } from '../domain/access-request.ts';
import type { AuditTrail } from '../domain/audit.ts';
import { decide } from '../domain/decide.ts';
import type { Item } from '../domain/item.ts';
import type { AccessRequestStore, Clock, ItemSource } from '../domain/ports.ts';
import type { User } from '../domain/session.ts';
import type { Visitor } from '../domain/visitor.ts';
import { type Telling, tellingAbout } from '../domain/when-locked.ts';

export interface FindAskableDeps {
  readonly items: Pick<ItemSource, 'find'>;
  readonly clock: Clock;
  access(): AccessModel;
}

export type Askable =
  /** There is no such item, or nobody may ask for it: which of both is told to nobody. */
  { readonly kind: 'not-here' } | { readonly kind: 'open' | 'askable'; readonly item: Item; readonly telling: Telling };

/** Whether somebody who is signed in may ask for the item with this identifier. */
export async function findAskable(deps: FindAskableDeps, identifier: string, visitor: Visitor): Promise<Askable> {
  const item = await deps.items.find(identifier);
  if (item === null) return { kind: 'not-here' };
  const now = deps.clock.now();
  const decision = decide(deps.access(), item.path, visitor, now);
  const telling = tellingAbout(deps.access(), item, visitor, now);
  if (decision.outcome === 'allowed') return { kind: 'open', item, telling };
  return decision.policy?.requests === undefined ? { kind: 'not-here' } : { kind: 'askable', item, telling };
}

export interface AskForAccessDeps {
  readonly accessRequests: AccessRequestStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

interface Asking {
  readonly user: User;
  readonly address: string;
}

export async function askForAccess(
  { accessRequests, audit, clock }: AskForAccessDeps,
  { user, address }: Asking,
  request: Pick<AccessRequest, 'item' | 'reason' | 'language'>,
): Promise<'made' | 'open already' | 'too many'> {
  const made = await accessRequests.create({ ...request, userId: user.id, madeAt: clock.now() });
  if (typeof made === 'string') return made;
  await audit.record({ action: 'request.made', actor: user.name, address, item: request.item });
  return 'made';
}

/** False for a request that is somebody else's, or is not open. */
export async function withdrawRequest(
  { accessRequests, audit, clock }: AskForAccessDeps,
  { user, address }: Asking,
  id: AccessRequestId,
): Promise<boolean> {
  const request = await accessRequests.find(id);
  if (request?.userId !== user.id) return false;
  if (!(await accessRequests.decide(id, { kind: 'withdrawn', at: clock.now() }))) return false;
  await audit.record({ action: 'request.withdrawn', actor: user.name, address, item: request.item });
  return true;
}
