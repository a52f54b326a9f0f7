import type { AccessModel } from '../domain/access.ts';
import { grantsInForce } from '../domain/grants-in-force.ts';
import { scopesInForce, TOKENS_SERVICE } from '../domain/personal-token.ts';
import type { TokenStore } from '../domain/ports.ts';
import type { AccessToken, Session } from '../domain/session.ts';
import { nobody, type Visitor } from '../domain/visitor.ts';
import { type FindDeviceDeps, findDevice, servicesOfDevice } from './find-device.ts';
import { type FindPersonDeps, findPerson } from './find-person.ts';
import { type FindPersonalTokenDeps, findPersonalToken, readPersonalToken } from './find-personal-token.ts';
import { type CookieKind, findLiveSession, judgeSession, type LiveSession, type SessionDeps } from './find-session.ts';
import { keepAlive } from './keep-alive.ts';
import { mayReadWithCredentials } from './may-read-with-credentials.ts';

export interface RecogniseDeps extends SessionDeps, FindDeviceDeps, FindPersonDeps, FindPersonalTokenDeps {
  readonly tokens: TokenStore;
  access(): AccessModel;
}

/** The parts of a request that can say who asks. */
export interface Evidence {
  readonly cookies: ReadonlyMap<string, string>;
  /** The `Authorization` header. */
  readonly authorization: string | null;
  /** The `Origin` header. */
  readonly origin: string | null;
  readonly address: string;
}

/**
 * What the answer is for: an image, an information document or probe result, or a page of ours.
 * Each has evidence of its own, so that an access token never opens content and an access cookie never signs a form.
 * A personal token is good for the first two.
 */
export type Purpose = 'content' | 'information' | 'page';

/**
 * Recognises whoever asks. Never refuses: what is unknown, malformed or ended is nobody.
 * Recognising a visitor counts as use, and keeps the session alive.
 */
export async function recogniseVisitor(deps: RecogniseDeps, evidence: Evidence, purpose: Purpose): Promise<Visitor> {
  if (purpose === 'page') return byCookie(deps, evidence, 'session');
  const personal = readPersonalToken(evidence.authorization);
  if (personal !== null) return byPersonalToken(deps, evidence, personal);
  if (purpose === 'content') return byAccessCookie(deps, evidence);
  const token = await findToken(deps, evidence.authorization);
  // A token that says nothing is no token: viewers send "Bearer undefined", expired ones, and those of other servers.
  if (token === null) return byAccessCookie(deps, evidence);
  return byToken(deps, evidence, token);
}

/**
 * A page that sends cookies, and that nobody signed in for, could not read what the cookie opens: it gets what everybody
 * gets, and with that the way to sign in.
 */
async function byAccessCookie(deps: RecogniseDeps, evidence: Evidence): Promise<Visitor> {
  const visitor = await byCookie(deps, evidence, 'access');
  return mayReadWithCredentials(visitor, evidence.origin) || evidence.origin === null ? visitor : nobody(evidence.address);
}

async function byCookie(deps: RecogniseDeps, evidence: Evidence, kind: CookieKind): Promise<Visitor> {
  const devices = servicesOfDevice(await findDevice(deps, evidence.cookies));
  const live = await findLiveSession(deps, evidence.cookies, kind);
  if (live === null) return { ...nobody(evidence.address), devices };
  await keepAlive(deps, live.session);
  return {
    ...(await known(deps, live, evidence.address)),
    devices,
    by: kind === 'session' ? 'session-cookie' : 'access-cookie',
    services: servicesInForce(deps, live.session),
    origins: new Set(live.session.grants.map((grant) => grant.origin)),
  };
}

/**
 * For scripts: what comes from a page in a browser says so in `Origin`, and is nobody's. Whatever is wrong with the token,
 * no cookie stands in for it.
 */
async function byPersonalToken(deps: RecogniseDeps, { address, origin }: Evidence, secret: string): Promise<Visitor> {
  const held = origin === null ? await findPersonalToken(deps, secret) : null;
  if (held === null || !scopesInForce(held.token, held.user).includes('content')) return nobody(address);
  const user = await findPerson(deps, held.user);
  return { ...nobody(address), by: 'personal-token', user, services: new Set([TOKENS_SERVICE]) };
}

async function byToken(deps: RecogniseDeps, evidence: Evidence, token: AccessToken): Promise<Visitor> {
  // One of ours in other hands is not answered by the cookie either.
  if (evidence.origin !== null && evidence.origin !== token.origin) return nobody(evidence.address);
  const session = await deps.sessions.find(token.sessionId);
  if (session === null) return nobody(evidence.address);
  const live = await judgeSession(deps, session);
  if (live.state !== 'live') return nobody(evidence.address);
  await keepAlive(deps, live.session);
  return {
    ...(await known(deps, live, evidence.address)),
    by: 'access-token',
    services: servicesOfToken(deps, live.session, token),
    devices: servicesOfDevice(token.deviceId === null ? null : await deps.devices.findById(token.deviceId)),
    origins: new Set(token.origin === null ? [] : [token.origin]),
  };
}

function servicesInForce(deps: RecogniseDeps, { grants }: Session): ReadonlySet<string> {
  return new Set(grantsInForce(deps.access(), grants, deps.clock.now()).map((grant) => grant.service));
}

/** What a token stands for may end before the token does, where the access file was changed meanwhile. An address or an account needs no grant. */
function servicesOfToken(deps: RecogniseDeps, session: Session, { service }: AccessToken): ReadonlySet<string> {
  const isGranted = session.grants.some((grant) => grant.service === service);
  return new Set(isGranted && !servicesInForce(deps, session).has(service) ? [] : [service]);
}

async function known(deps: RecogniseDeps, live: LiveSession, address: string): Promise<Pick<Visitor, 'address' | 'sessionId' | 'user'>> {
  return { address, sessionId: live.session.id, user: await findPerson(deps, live.user) };
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1, as far as our own tokens go. */
const BEARER = /^Bearer +([A-Za-z0-9_-]{32,128})$/i;

async function findToken(deps: RecogniseDeps, authorization: string | null): Promise<AccessToken | null> {
  const [, secret] = BEARER.exec(authorization ?? '') ?? [];
  if (secret === undefined) return null;
  const token = await deps.tokens.find(deps.randomness.hash(secret));
  if (token === null || deps.clock.now() >= token.expiresAt) return null;
  return token;
}
