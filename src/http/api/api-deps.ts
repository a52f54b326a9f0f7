import type { AccessModel } from '../../domain/access.ts';
import type { AuditStore } from '../../domain/audit.ts';
import type {
  AdminSessionStore,
  DerivativeKeeper,
  ItemGrantStore,
  ItemSource,
  PersonalTokenStore,
  TokenStore,
} from '../../domain/ports.ts';
import type { SessionLimits } from '../../domain/session.ts';
import type { PeopleDeps } from '../../flows/admin/people-deps.ts';
import type { WrongTokenLimit } from '../../flows/limit-wrong-tokens.ts';
import type { InTurn } from '../../flows/turns.ts';

/** What every operation of the interface for programs is given. */
export interface ApiDeps extends PeopleDeps {
  access(): AccessModel;
  readonly adminSessions: AdminSessionStore;
  readonly tokens: TokenStore;
  readonly limits: SessionLimits;
  readonly personalTokens: PersonalTokenStore;
  readonly itemGrants: ItemGrantStore;
  /** Where events are read. */
  readonly auditStore: Pick<AuditStore, 'list'>;
  readonly items: Pick<ItemSource, 'find'>;
  readonly derivatives: DerivativeKeeper;
  readonly wrongTokens: WrongTokenLimit;
  readonly inTurn: InTurn;
}
