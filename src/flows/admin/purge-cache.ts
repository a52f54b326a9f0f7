import type { AuditActor, AuditTrail } from '../../domain/audit.ts';
import type { Purge, Purged } from '../../domain/derivative.ts';
import type { DerivativeKeeper } from '../../domain/ports.ts';

/** `letters/anna.jpg` is an item, `letters/` all that is in the folder, `/` everything. */
export function parsePurge(text: string): Purge {
  const path = text.replace(/\/+$/, '');
  if (path === text) return { kind: 'item', path };
  return path === '' ? { kind: 'everything' } : { kind: 'folder', path };
}

/** Removes all that is kept of items: what was made of them, and copies of them. It is made again when somebody may see it and asks. */
export async function purgeCache(
  { derivatives, audit }: { readonly derivatives: Pick<DerivativeKeeper, 'purge'>; readonly audit: AuditTrail },
  purge: Purge,
  by: AuditActor,
): Promise<Purged> {
  const gone = await derivatives.purge(purge);
  await audit.record({ ...by, action: 'cache.purged', item: purge.kind === 'everything' ? null : purge.path });
  return gone;
}
