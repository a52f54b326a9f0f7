import type { AccessModel } from '../domain/access.ts';
import type { DeviceId } from '../domain/device.ts';
import { grantEnd, grantsInForce } from '../domain/grants-in-force.ts';
import { placesBeside } from '../domain/item-service.ts';
import type { TokenStore } from '../domain/ports.ts';
import { serviceEnd } from '../domain/service-end.ts';
import type { Grant, Session } from '../domain/session.ts';
import { type FindDeviceDeps, findDevice } from './find-device.ts';
import { findSession, type SessionDeps } from './find-session.ts';

export interface TokenDeps extends SessionDeps, FindDeviceDeps {
  readonly tokens: TokenStore;
  access(): AccessModel;
}

export interface TokenRequest {
  readonly service: string;
  /** Origin of the viewer, parsed; null for the JSON answer of Authentication 1.0, which no viewer in a browser can read. */
  readonly origin: string | null;
  readonly cookies: ReadonlyMap<string, string>;
  /** The device that gives the access; absent where it is something else. */
  readonly deviceId?: DeviceId;
}

export type TokenOutcome =
  | { readonly kind: 'issued'; readonly token: string; readonly expiresInSeconds: number; readonly session: Session }
  | { readonly kind: 'denied'; readonly profile: 'invalidOrigin' | 'missingAspect' | 'invalidAspect' | 'expiredAspect' | 'unavailable' };

/** 256 bits, and nothing else in it: any viewer can see it. */
const TOKEN_BYTES = 32;
/** Kept in the clear, for the page that shows a visitor the own session. 24 bits of 256. */
const SHOWN_LETTERS = 4;

/**
 * Hands out a proxy for the access cookie, tied to session, service and origin, and good for information documents and
 * probes only. https://iiif.io/api/auth/2.0/#access-token-service, https://iiif.io/api/auth/1.0/#access-token-service
 */
export async function issueAccessToken(deps: TokenDeps, request: TokenRequest): Promise<TokenOutcome> {
  const found = await findSession(deps, request.cookies, 'access');
  if (found.state === 'missing') return { kind: 'denied', profile: 'missingAspect' };
  if (found.state === 'ended') return { kind: 'denied', profile: 'expiredAspect' };
  if (found.state === 'unknown') return { kind: 'denied', profile: 'invalidAspect' };

  const grants = found.session.grants.filter((grant) => grant.service === request.service);
  if (grants.length === 0) return { kind: 'denied', profile: 'invalidAspect' };
  if (!isInForce(deps, grants)) return { kind: 'denied', profile: 'expiredAspect' };
  if (request.origin !== null && !grants.some((grant) => grant.origin === request.origin)) {
    return { kind: 'denied', profile: 'invalidOrigin' };
  }

  return issue(deps, request, found.session, grants);
}

/** Whether one of these grants of a service still counts. */
export function isInForce(deps: TokenDeps, grants: readonly Grant[]): boolean {
  return grantsInForce(deps.access(), grants, deps.clock.now()).length > 0;
}

/** A token of the session, for whoever was found to hold what it stands for. `grants`: of the service, where it hangs on one. */
export async function issue(
  deps: TokenDeps,
  request: TokenRequest,
  session: Session,
  grants: readonly Grant[] = [],
): Promise<TokenOutcome> {
  const expiresInSeconds = lifetimeSeconds(deps, request.service, session, grants);
  if (expiresInSeconds < 1) return { kind: 'denied', profile: 'expiredAspect' };
  const now = deps.clock.now();
  const token = deps.randomness.token(TOKEN_BYTES);
  // The idle time counts from here, so that what is published holds even if nothing else is asked for.
  await deps.sessions.touch(session.id, now);
  await deps.tokens.create(deps.randomness.hash(token), {
    sessionId: session.id,
    service: request.service,
    origin: request.origin,
    expiresAt: new Date(now.getTime() + expiresInSeconds * 1000),
    firstLetters: token.slice(0, SHOWN_LETTERS),
    deviceId: request.deviceId ?? (await deviceBeside(deps, request)),
  });
  return { kind: 'issued', token, expiresInSeconds, session };
}

/** The registered device that a rule wants besides the service; with it the token ends. Null where no rule does, or there is none. */
async function deviceBeside(deps: TokenDeps, { service, cookies }: TokenRequest): Promise<DeviceId | null> {
  const places = placesBeside(deps.access(), service);
  const device = places.size === 0 ? null : await findDevice(deps, cookies);
  return device !== null && places.has(device.service) ? device.id : null;
}

/** Never longer than the session can last, what was got at the service, or the rules that ask for it: what is published is enforced. */
function lifetimeSeconds(deps: TokenDeps, service: string, session: Session, grants: readonly Grant[]): number {
  const { tokenMinutes, idleMinutes } = deps.limits;
  const leftUntil = (end: Date): number => (end.getTime() - deps.clock.now().getTime()) / 1000;
  const ends = grants.map((grant) => grantEnd(deps.access(), grant)).filter((end) => end !== null);
  const grantSeconds = ends.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...ends.map(leftUntil));
  const end = serviceEnd(deps.access(), service, deps.clock.now());
  const ruleSeconds = end === null ? Number.POSITIVE_INFINITY : leftUntil(end);
  return Math.floor(Math.min(tokenMinutes * 60, idleMinutes * 60, leftUntil(session.endsAt), grantSeconds, ruleSeconds));
}
