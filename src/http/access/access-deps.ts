import type { AccessModel } from '../../domain/access.ts';
import type { AuditTrail } from '../../domain/audit.ts';
import type { OneTimeIds } from '../../domain/identity.ts';
import type { Item } from '../../domain/item.ts';
import type {
  AdminSessionStore,
  AttemptStore,
  Clock,
  DeviceStore,
  ImageReader,
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
import type { SeatStore } from '../../domain/seat.ts';
import type { SessionLimits, User } from '../../domain/session.ts';
import type { KnownSources, PendingSignInStore, Sealer, SignOnStore } from '../../domain/sign-on.ts';
import type { Visitor } from '../../domain/visitor.ts';
import type { VisitAudit } from '../../flows/audit-visits.ts';
import type { GuessLimits } from '../../flows/limit-guesses.ts';
import type { NewSessionLimits } from '../../flows/limit-new-sessions.ts';
import type { Purpose } from '../../flows/recognise-visitor.ts';
import type { RunningChecks } from '../../flows/running-checks.ts';
import type { SignedPathLimits } from '../../flows/sign-path.ts';
import type { FailureBrake } from '../../flows/slow-failures.ts';
import type { Seating } from '../../flows/take-seat.ts';
import type { ImageApiVersion } from '../../iiif/image/request.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import type { FormGuard } from './form-guard.ts';
import type { SignedPaths } from './signed-paths.ts';

/** What the pages and services for people and access are made from. */
export interface AccessParts {
  access(): AccessModel;
  readonly items: ItemSource;
  readonly images: Pick<ImageReader, 'describe'>;
  readonly users: UserStore;
  readonly userLinks: UserLinkStore;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly devices: DeviceStore;
  readonly personalTokens: PersonalTokenStore;
  readonly itemGrants: ItemGrantStore;
  readonly seats: SeatStore;
  readonly attempts: AttemptStore;
  readonly runningChecks: RunningChecks;
  readonly audit: AuditTrail;
  readonly visits: VisitAudit;
  identitySources(): KnownSources;
  /** Told who asks. */
  readonly onRecognised?: ((request: HttpRequest, visitor: Visitor) => void) | undefined;
  readonly pendingSignIns: PendingSignInStore;
  readonly signOns: SignOnStore;
  readonly sealer: Sealer;
  readonly oneTimeIds: OneTimeIds;
  readonly adminSessions: Pick<AdminSessionStore, 'list' | 'remove'>;
  /** On with somebody whom a source recognised, to the second factor or to a page below `/admin`. */
  admitAdministrator(request: HttpRequest, user: User, back: string): Promise<Reply>;
  /** Whether our address is set, or taken from each request. */
  readonly hasPublicUrl: boolean;
  readonly passwords: PasswordHasher;
  readonly newSessions: NewSessionLimits;
  /** Of sign-ons that were begun, or whose answer nobody waits for. */
  readonly starts: NewSessionLimits;
  readonly brake: FailureBrake;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly limits: SessionLimits;
  /** Secret of this server: signs form tokens. */
  readonly signingKey: string;
  readonly signer: Signer;
  /** Which viewers get content without cookies. */
  readonly signedPaths: SignedPathLimits;
  /** What the site is called: nobody's password is made of it. */
  readonly siteNames: readonly string[];
  /** `/`, or the base path of the public URL. */
  readonly cookiePath: string;
  /** What stands for a slash in identifiers, beside `%2F`. */
  readonly slashSubstitute: string | null;
  /** Which version of the Image API probe results name for an image; 3 unless told. */
  readonly versionOf?: (item: Item) => ImageApiVersion;
  /** Told of a failure that a viewer only hears of as "unavailable". */
  readonly onFailure?: (error: unknown) => void;
  /** Waits; ends early when the signal is aborted. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What every handler of this kind is given. */
export interface AccessDeps extends AccessParts {
  readonly guesses: GuessLimits;
  readonly forms: FormGuard;
  readonly seating: Seating;
  readonly versionOf: (item: Item) => ImageApiVersion;
  readonly onFailure: (error: unknown) => void;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  recognise(request: HttpRequest, purpose: Purpose): Promise<Visitor>;
  readonly signed: SignedPaths;
}
