import type { AuditAction, AuditTrail } from '../../domain/audit.ts';
import { type ItemGrant, type ListedItemGrant, writeGrantEnd } from '../../domain/item-grant.ts';
import type { Clock, ItemGrantStore } from '../../domain/ports.ts';
import type { User } from '../../domain/session.ts';

export interface ChangeItemGrantsDeps {
  readonly itemGrants: ItemGrantStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Who changes it. */
interface Changing {
  readonly name: string;
  readonly address: string;
  readonly via?: 'web' | 'api';
}

/** Null for somebody who has too many. */
export async function addItemGrant(
  deps: ChangeItemGrantsDeps,
  by: Changing,
  user: Pick<User, 'id' | 'name'>,
  { items, until, note }: Pick<ItemGrant, 'items' | 'until' | 'note'>,
): Promise<ItemGrant | null> {
  const grant = await deps.itemGrants.add({ userId: user.id, items, until, note, createdBy: by.name, createdAt: deps.clock.now() });
  if (grant !== null) await record(deps, by, 'item-grant.created', { items, until, userName: user.name });
  return grant;
}

/** False where it is gone. */
export async function changeItemGrantEnd(deps: ChangeItemGrantsDeps, by: Changing, grant: ListedItemGrant, until: Date): Promise<boolean> {
  if (!(await deps.itemGrants.setEnd(grant.id, until))) return false;
  await record(deps, by, 'item-grant.changed', { ...grant, until });
  return true;
}

/** False where it is gone. */
export async function endItemGrant(deps: ChangeItemGrantsDeps, by: Changing, grant: ListedItemGrant): Promise<boolean> {
  if (!(await deps.itemGrants.remove(grant.id))) return false;
  await record(deps, by, 'item-grant.removed', grant);
  return true;
}

async function record(
  { audit }: ChangeItemGrantsDeps,
  { name, ...from }: Changing,
  action: AuditAction,
  { userName, items, until }: Pick<ListedItemGrant, 'userName' | 'items' | 'until'>,
): Promise<void> {
  await audit.record({ action, actor: name, ...from, target: userName, item: items, detail: `until ${writeGrantEnd(until, 'en')}` });
}
