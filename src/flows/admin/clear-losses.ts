import type { AuditTrail } from '../../domain/audit.ts';
import type { ShadowLossStore } from '../../domain/shadow.ts';
import type { Doer } from './people-deps.ts';

export interface ClearLossesDeps {
  readonly shadowLosses: Pick<ShadowLossStore, 'clear'>;
  readonly audit: Pick<AuditTrail, 'record'>;
}

/** After the access file was changed: what was counted under other rules would only confuse. */
export async function clearLosses({ shadowLosses, audit }: ClearLossesDeps, { actor, via, address }: Omit<Doer, 'userId'>): Promise<void> {
  await shadowLosses.clear();
  await audit.record({ action: 'shadow.cleared', actor, via, address });
}
