import type { AuditActor, AuditTrail } from '../../domain/audit.ts';
import {
  type ItemGrant,
  type ListedItemGrant,
  parseGrantEnd,
  parseGrantedItems,
  parseGrantNote,
  writeGrantEnd,
} from '../../domain/item-grant.ts';
import type { Clock, ItemGrantStore } from '../../domain/ports.ts';
import type { User } from '../../domain/session.ts';
import { isRefusal, type Refusal, refuse } from '../../lib/problems.ts';

export interface GiveItemsDeps {
  /** The one that decisions look at: what changes here counts for the next request. */
  readonly itemGrants: ItemGrantStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** What is wrong with what was asked for; `field` is where. */
export type GrantRefusal = Refusal & { readonly field?: 'items' | 'until' | 'note' };

/** These items for a user until a time, whatever the policies say of others. */
export async function giveItems(
  deps: GiveItemsDeps,
  by: AuditActor,
  user: Pick<User, 'id' | 'name'>,
  asked: { readonly items: string; readonly until: string; readonly note: string },
): Promise<ItemGrant | GrantRefusal> {
  const now = deps.clock.now();
  const items = parseGrantedItems(asked.items);
  if (isRefusal(items)) return { ...items, field: 'items' };
  const until = parseGrantEnd(asked.until, now);
  if (isRefusal(until)) return { ...until, field: 'until' };
  const note = parseGrantNote(asked.note);
  if (isRefusal(note)) return { ...note, field: 'note' };
  const grant = await deps.itemGrants.add({ userId: user.id, items, until, note, createdBy: by.actor, createdAt: now });
  if (grant === null) return refuse('request.conflict', `${user.name} has too many grants. Remove some, or give a role.`);
  await deps.audit.record({ ...by, action: 'item-grant.created', target: user.name, item: items, detail: untilWords(until) });
  return grant;
}

/** Another end. Null where the grant is gone. */
export async function changeGrantEnd(
  deps: GiveItemsDeps,
  by: AuditActor,
  grant: ListedItemGrant,
  typed: string,
): Promise<ListedItemGrant | GrantRefusal | null> {
  const until = parseGrantEnd(typed, deps.clock.now());
  if (isRefusal(until)) return { ...until, field: 'until' };
  if (until.getTime() === grant.until.getTime()) return grant;
  if (!(await deps.itemGrants.setEnd(grant.id, until))) return null;
  const detail = `${untilWords(until)}; before: ${untilWords(grant.until)}`;
  await deps.audit.record({ ...by, action: 'item-grant.changed', target: grant.userName, item: grant.items, detail });
  return { ...grant, until };
}

/** From now on it counts for nothing. False where it is gone. */
export async function takeItemsBack(deps: GiveItemsDeps, by: AuditActor, grant: ListedItemGrant): Promise<boolean> {
  if (!(await deps.itemGrants.remove(grant.id))) return false;
  await deps.audit.record({ ...by, action: 'item-grant.removed', target: grant.userName, item: grant.items });
  return true;
}

function untilWords(until: Date): string {
  return `until ${writeGrantEnd(until, 'en')}`;
}
