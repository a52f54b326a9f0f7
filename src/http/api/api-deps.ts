import type { AccessModel } from '../../domain/access.ts';
import type { AuditStore, AuditTrail } from '../../domain/audit.ts';
import type { Clock, ItemGrantStore, ItemSource, PersonalTokenStore, Randomness, SessionStore, UserStore } from '../../domain/ports.ts';
import type { WrongTokenLimit } from '../../flows/limit-wrong-tokens.ts';

/** What the interface for programs is made from. */
export interface ApiParts {
  access(): AccessModel;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly personalTokens: PersonalTokenStore;
  readonly itemGrants: ItemGrantStore;
  /** Where events are read. */
  readonly auditStore: Pick<AuditStore, 'list'>;
  readonly audit: AuditTrail;
  readonly items: Pick<ItemSource, 'find'>;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** What every operation is given. */
export interface ApiDeps extends ApiParts {
  readonly wrongTokens: WrongTokenLimit;
}
