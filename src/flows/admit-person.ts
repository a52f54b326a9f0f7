import type { Identified, OutsideIdentity } from '../domain/identity.ts';
import { mapRoles } from '../domain/map-roles.ts';
import type { Clock, UserStore } from '../domain/ports.ts';
import { type Grant, LOCAL_SOURCE, type Session, type SessionId, type User } from '../domain/session.ts';
import type { KnownSource } from '../domain/sign-on.ts';
import { findLiveSession, judgeSession, type LiveSession } from './find-session.ts';
import { grantsOfSource } from './grants-of-source.ts';
import { type OpenedSession, openSessionFor } from './open-session.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

export interface KeepDeps {
  readonly users: UserStore;
  readonly clock: Clock;
}

/** Somebody whom a source has identified. */
export interface Person extends Identified {
  readonly known: KnownSource;
}

export interface Admission {
  readonly cookies: ReadonlyMap<string, string>;
  readonly address: string;
  /** The session that the browser had when it left; counts where no cookie names a later one. */
  readonly sessionId: SessionId | null;
  readonly grants: ReadonlyArray<Omit<Grant, 'grantedAt'>>;
}

export type AdmitOutcome =
  | { readonly kind: 'signed-in'; readonly user: User; readonly opened: OpenedSession }
  /** The source knows them, and they are disabled here. */
  | { readonly kind: 'disabled' };

/** Makes the person a user with the roles of now, and opens a session that remembers where it comes from. */
export async function admitPerson(deps: SignOnDeps, person: Person, admission: Admission): Promise<AdmitOutcome> {
  const { known, identity } = person;
  const { address, grants } = admission;
  const service = grants.length === 1 ? (grants[0]?.service ?? null) : null;
  const user = await keepPerson(deps, known, identity);
  if (user.disabledAt !== null) {
    await deps.audit.record({
      action: 'sign-in.failed',
      address,
      service,
      target: user.name,
      detail: `${known.name}: the user is disabled`,
    });
    return { kind: 'disabled' };
  }
  const opened = await openFor(deps, user, person, admission);
  await deps.audit.record({ action: 'sign-in', actor: user.name, address, service, detail: `through ${known.name}` });
  return { kind: 'signed-in', user, opened };
}

/** The user of this person, as the source describes them now. */
export function keepPerson(deps: KeepDeps, known: KnownSource, identity: OutsideIdentity): Promise<User> {
  const { subject, name, email, attributes } = identity;
  const { roles } = mapRoles(attributes, known.rules);
  return deps.users.keepOutside({ source: known.name, subject, name, email, roles, at: deps.clock.now() });
}

/** Which source a session came from; `local` for one of a password of ours. */
export async function sourceOfSession({ signOns }: Pick<SignOnDeps, 'signOns'>, { id }: Pick<Session, 'id'>): Promise<string> {
  return (await signOns.find(id))?.source ?? LOCAL_SOURCE;
}

/** A session that remembers its source; what the browser had goes with it or ends, as at any sign-in. */
export async function openFor(
  deps: SignOnDeps,
  user: User,
  { known, identity, logoutHint }: Person,
  { cookies, sessionId, grants }: Omit<Admission, 'address'>,
): Promise<OpenedSession> {
  const current = (await findLiveSession(deps, cookies, 'session')) ?? (await findById(deps, sessionId));
  const opened = await openSessionFor(deps, user, current, grantsOfSource(deps, grants, known.name));
  await deps.signOns.keep(opened.id, {
    source: known.name,
    subject: identity.subject,
    sessionIndexHash: identity.sessionIndex === null ? null : deps.randomness.hash(identity.sessionIndex),
    sealedHint: logoutHint === null ? null : deps.sealer.seal(logoutHint),
  });
  return opened;
}

async function findById(deps: SignOnDeps, id: SessionId | null): Promise<LiveSession | null> {
  const session = id === null ? null : await deps.sessions.find(id);
  const judged = session === null ? null : await judgeSession(deps, session);
  return judged?.state === 'live' ? judged : null;
}
