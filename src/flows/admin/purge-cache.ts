import type { AuditActor, AuditTrail } from '../../domain/audit.ts';
import type { Purge } from '../../domain/derivative.ts';
import type { DerivativeKeeper } from '../../domain/ports.ts';

/** `letters/anna.jpg` is an item, `letters/` all that is in the folder, `/` everything. */
export function parsePurge(text: string): Purge {
  const path = text.replace(/\/+$/, '');
  if (path === text) return { kind: 'item', path };
  return path === '' ? { kind: 'everything' } : { kind: 'folder', path };
}

/** Removes finished images, of all sizes, pages and tiers. They are made again when somebody may see them and asks. */
export async function purgeCache(
  { derivatives, audit }: { readonly derivatives: Pick<DerivativeKeeper, 'purge'>; readonly audit: AuditTrail },
  purge: Purge,
  by: AuditActor,
): Promise<{ readonly memory: number; readonly disk: number }> {
  const gone = await derivatives.purge(purge);
  await audit.record({ ...by, action: 'cache.purged', item: purge.kind === 'everything' ? null : purge.path });
  return gone;
}
