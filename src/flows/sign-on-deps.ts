import type { AccessModel } from '../domain/access.ts';
import type { AuditTrail } from '../domain/audit.ts';
import type { KnownSources, PendingSignInStore, Sealer, SignOnStore } from '../domain/sign-on.ts';
import type { SessionDeps } from './find-session.ts';

/** What signing in with accounts from elsewhere needs. */
export interface SignOnDeps extends SessionDeps {
  access(): AccessModel;
  identitySources(): KnownSources;
  readonly pendingSignIns: PendingSignInStore;
  readonly signOns: SignOnStore;
  readonly sealer: Sealer;
  readonly audit: AuditTrail;
}
