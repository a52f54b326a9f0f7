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
import type { ShadowLossStore } from '../../domain/shadow.ts';
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
  readonly shadowLosses: ShadowLossStore;
  /**
   * Another number as soon as another process has changed what is kept in memory of people and what they may; what was
   * looked up before may no longer be so. Cheap enough for each request.
   */
  changesElsewhere(): number;
  /** Takes the right to write for a moment. Rejects where it cannot. Tells the latest time that it holds. */
  pulse(): Promise<{ readonly newest: Date }>;
  /** How many are in force, which end after one time and have been used since another. */
  countSessions(when: {
    readonly endsAfter: Date;
    readonly usedSince: Date;
  }): Promise<{ readonly withAccount: number; readonly withoutAccount: number }>;
  close(): Promise<void>;
}
