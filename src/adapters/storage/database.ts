import type { AccessVersionStore } from '../../domain/access-file.ts';
import type { AuditStore } from '../../domain/audit.ts';
import type { OneTimeIdStore } from '../../domain/identity.ts';
import type {
  AccessRequestStore,
  AdminSessionStore,
  AttemptStore,
  DeviceStore,
  ItemGrantStore,
  PersonalTokenStore,
  SessionStore,
  TokenStore,
  UserLinkStore,
  UserStore,
} from '../../domain/ports.ts';
import type { SeatStore } from '../../domain/seat.ts';
import type { SecondFactorStore } from '../../domain/second-factor.ts';
import type { PendingSignInStore, SignOnStore } from '../../domain/sign-on.ts';

/** All that is kept about people, whatever the engine. */
export interface Database {
  readonly users: UserStore;
  readonly userLinks: UserLinkStore;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly devices: DeviceStore;
  readonly attempts: AttemptStore;
  readonly audit: AuditStore;
  readonly personalTokens: PersonalTokenStore;
  readonly adminSessions: AdminSessionStore;
  readonly itemGrants: ItemGrantStore;
  readonly pendingSignIns: PendingSignInStore;
  readonly signOns: SignOnStore;
  readonly oneTimeIds: OneTimeIdStore;
  readonly secondFactors: SecondFactorStore;
  readonly accessVersions: AccessVersionStore;
  readonly accessRequests: AccessRequestStore;
  readonly seats: SeatStore;
  /**
   * Another number as soon as another process has changed what is kept in memory of people and what they may; what was
   * looked up before may no longer be so. Cheap enough for each request.
   */
  changesElsewhere(): number;
  close(): Promise<void>;
}
