import type { AccessService } from '../domain/access.ts';
import type { AuditTrail } from '../domain/audit.ts';
import type { SeatStore } from '../domain/seat.ts';
import { type Refusal, refuse } from '../lib/problems.ts';
import type { VisitAudit } from './audit-visits.ts';
import { findLiveSession, type SessionDeps } from './find-session.ts';
import type { NewSessionLimits } from './limit-new-sessions.ts';
import { grantToSession, type OpenedSession } from './open-session.ts';
import { giveBackSeat } from './take-seat.ts';

export interface TermsDeps extends SessionDeps {
  readonly newSessions: NewSessionLimits;
  readonly audit: AuditTrail;
  readonly visits: Pick<VisitAudit, 'turnedAway'>;
}

export interface Agreement {
  readonly service: AccessService;
  /** Of the viewer that access is for. */
  readonly origin: string;
  readonly cookies: ReadonlyMap<string, string>;
  readonly address: string;
}

/** `opened` is null where the browser has its cookies already. */
export type AgreeOutcome = { readonly kind: 'agreed'; readonly opened: OpenedSession | null } | Refusal;

export async function agreeToTerms(deps: TermsDeps, { service, origin, cookies, address }: Agreement): Promise<AgreeOutcome> {
  const live = await findLiveSession(deps, cookies, 'session');
  const waitSeconds = live === null ? await deps.newSessions.take(address) : 0;
  if (waitSeconds > 0) {
    deps.visits.turnedAway(service.name, address, 'too many people have agreed to its terms from there');
    return tooMany(waitSeconds);
  }
  const opened = await grantToSession(deps, cookies, { service: service.name, origin, grantedAt: deps.clock.now() });
  await deps.audit.record({ action: 'agreed', actor: live?.user?.name ?? null, address, service: service.name });
  return { kind: 'agreed', opened };
}

function tooMany(waitSeconds: number): Refusal {
  const detail = 'Too many people have agreed to terms from this address in a short time.';
  return { ...refuse('request.throttled', detail), retryAfterSeconds: waitSeconds };
}

/** Whoever agreed before and declines now takes it back. */
export async function declineTerms(
  deps: SessionDeps & { readonly seats: Pick<SeatStore, 'leave'> },
  service: AccessService,
  cookies: ReadonlyMap<string, string>,
): Promise<void> {
  const live = await findLiveSession(deps, cookies, 'session');
  if (live === null) return;
  await deps.sessions.removeGrants(live.session.id, service.name);
  await giveBackSeat(deps, live.session.id, service.name);
}
