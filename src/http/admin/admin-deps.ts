import type { AccessModel } from '../../domain/access.ts';
import type { AccessVersionStore } from '../../domain/access-file.ts';
import type { AuditStore, AuditTrail } from '../../domain/audit.ts';
import type { FirstAdministratorLink } from '../../domain/first-administrator.ts';
import type { OneTimeIds } from '../../domain/identity.ts';
import type { Mailer } from '../../domain/mail.ts';
import type {
  AccessRequestStore,
  AdminSessionStore,
  AttemptStore,
  Clock,
  ItemGrantStore,
  ItemSource,
  PasswordHasher,
  PersonalTokenStore,
  Randomness,
  SessionStore,
  Signer,
  TokenStore,
  UserLinkStore,
  UserStore,
} from '../../domain/ports.ts';
import type { OneTimeCodes, Passkeys, SecondFactorStore } from '../../domain/second-factor.ts';
import type { SessionLimits } from '../../domain/session.ts';
import type { ShadowLossStore } from '../../domain/shadow.ts';
import type { KnownSources, Sealer } from '../../domain/sign-on.ts';
import type { AccessKeeper } from '../../flows/admin/keep-access-versions.ts';
import type { GuessLimits } from '../../flows/limit-guesses.ts';
import type { RunningChecks } from '../../flows/running-checks.ts';
import type { FormGuard } from '../access/form-guard.ts';
import type { ContentAnswers } from './item-answers.ts';

/** What the pages below `/admin` are made from. */
export interface AdminParts {
  access(): AccessModel;
  readonly slashSubstitute: string | null;
  readonly users: UserStore;
  readonly itemGrants: ItemGrantStore;
  readonly accessRequests: AccessRequestStore;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  /** Of readers' sessions. */
  readonly limits: SessionLimits;
  readonly userLinks: UserLinkStore;
  readonly audit: AuditTrail;
  readonly auditStore: AuditStore;
  readonly adminSessions: AdminSessionStore;
  readonly attempts: AttemptStore;
  readonly runningChecks: RunningChecks;
  readonly personalTokens: PersonalTokenStore;
  readonly passwords: PasswordHasher;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly signer: Signer;
  /** Secret of this server: signs the tokens of forms that come before a sign-in. */
  readonly signingKey: string;
  /** What the site is called: nobody's password is made of it. */
  readonly siteNames: readonly string[];
  /** `/`, or the base path of the public URL. */
  readonly cookiePath: string;
  /** Null where no mail is sent. */
  readonly mail: Mailer | null;
  readonly firstAdministrator: FirstAdministratorLink;
  readonly secondFactors: SecondFactorStore;
  readonly oneTimeCodes: OneTimeCodes;
  readonly passkeys: Passkeys;
  readonly sealer: Sealer;
  identitySources(): KnownSources;
  /** Whether our address is set, or taken from each request. */
  readonly hasPublicUrl: boolean;
  /** Challenges for passkeys that were answered. */
  readonly spentChallenges: OneTimeIds;
  /** Whether administrators without a second factor are led to set one up. */
  readonly needSecondFactor: boolean;
  readonly items: ItemSource;
  /** What is told of content. */
  readonly content: ContentAnswers;
  readonly shadowLosses: Pick<ShadowLossStore, 'list' | 'clear'>;
  /** The end of shadow mode; null where there is none. */
  readonly shadowUntil: Date | null;
  readonly accessVersions: AccessVersionStore;
  /** Null where the server has no access file. */
  readonly accessKeeper: AccessKeeper | null;
}

/** What every handler of this kind is given. */
export interface AdminDeps extends AdminParts {
  readonly guesses: GuessLimits;
  /** For forms that come before a sign-in; the others are guarded by the session (`guard.ts`). */
  readonly forms: FormGuard;
}
