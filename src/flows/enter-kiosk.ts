import type { AccessService } from '../domain/access.ts';
import { type Refusal, refuse } from '../lib/problems.ts';
import type { VisitAudit } from './audit-visits.ts';
import { findLiveSession, type SessionDeps } from './find-session.ts';
import type { NewSessionLimits } from './limit-new-sessions.ts';
import { grantToSession, type OpenedSession } from './open-session.ts';

export interface KioskDeps extends SessionDeps {
  readonly newSessions: NewSessionLimits;
  readonly visits: Pick<VisitAudit, 'turnedAway'>;
}

export interface KioskVisit {
  readonly cookies: ReadonlyMap<string, string>;
  readonly address: string;
  /** Ours. The viewer's gets nothing: any page can open the window, and may not read with credentials what else the session opens. */
  readonly origin: string;
}

/** `opened` is null where the browser has its cookies already. */
export type KioskOutcome = { readonly kind: 'entered'; readonly opened: OpenedSession | null } | Refusal;

/** What a kiosk's window gives, without a click. https://iiif.io/api/auth/2.0/#kiosk-interaction-pattern */
export async function enterKiosk(deps: KioskDeps, service: AccessService, visit: KioskVisit): Promise<KioskOutcome> {
  const { cookies, address, origin } = visit;
  const opensSession = (await findLiveSession(deps, cookies, 'session')) === null;
  const waitSeconds = opensSession ? await deps.newSessions.take(address) : 0;
  if (waitSeconds > 0) {
    deps.visits.turnedAway(service.name, address, 'it was opened too often from there');
    return { ...refuse('request.throttled', 'The kiosk was opened too often.'), retryAfterSeconds: waitSeconds };
  }
  const opened = await grantToSession(deps, cookies, { service: service.name, origin, grantedAt: deps.clock.now() });
  return { kind: 'entered', opened };
}
