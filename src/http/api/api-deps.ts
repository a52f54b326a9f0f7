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

/** What the interface for programs is made from. */
export interface ApiParts extends PeopleDeps {
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
}

/** What every operation is given. */
export interface ApiDeps extends ApiParts {
  readonly wrongTokens: WrongTokenLimit;
  /** One piece of work after the other, by key. */
  readonly inTurn: <T>(key: string, work: () => Promise<T>) => Promise<T>;
}
