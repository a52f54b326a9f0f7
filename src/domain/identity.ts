import { type Refusal, refuse } from '../lib/problems.ts';
import { parseUserName } from './user-name.ts';

/** Who somebody is, as a source outside says it. */
export interface OutsideIdentity {
  /** The name of the source in `identity.yaml`. */
  readonly source: string;
  /** Who it is at that source, for good: source and subject together are the person, whatever the name becomes. */
  readonly subject: string;
  /** The user name, as it is kept and shown. */
  readonly name: string;
  readonly email: string | null;
  /** All that came, by name; each has at least one value. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
  /** The source's own name for its session; a logout message may name it instead of the subject. */
  readonly sessionIndex: string | null;
}

/** Why an identity source, or what claims to be one, is not believed. Each has a sentence for the person who wanted to sign in. */
export const IDENTITY_REFUSALS = {
  'identity.cancelled': 'The sign-in was broken off, or your institution refused it.',
  'identity.state': 'This sign-in was begun elsewhere, or too long ago. Begin again.',
  'identity.message': 'The answer of your institution could not be read.',
  'identity.signature': 'The answer of your institution is not signed as it must be.',
  'identity.issuer': 'The answer comes from somebody else than your institution.',
  'identity.audience': 'The answer was meant for another service.',
  'identity.expired': 'The answer of your institution is no longer, or not yet, valid. Begin again.',
  'identity.replayed': 'This answer was used before. Begin again.',
  'identity.subject': 'Your institution did not say for good who you are.',
  'identity.name': 'Your institution did not tell your user name.',
  'identity.password': 'The name or the password is wrong.',
  'identity.proxy': 'The sign-in did not come the way it must.',
} as const satisfies Record<string, string>;

export type IdentityRefusalCode = keyof typeof IDENTITY_REFUSALS;

export interface IdentityRefused {
  readonly outcome: 'refused';
  readonly code: IdentityRefusalCode;
  /** For the log and for administrators; never for the person. */
  readonly privateDetail: string;
}

/** The source cannot be reached, or answers nothing of use: nobody is right or wrong, and trying again may help. */
export interface IdentityUnavailable {
  readonly outcome: 'unavailable';
  readonly privateDetail: string;
}

export interface Identified {
  readonly outcome: 'identified';
  readonly identity: OutsideIdentity;
  /** Kept with the session, secret, and handed back to `logoutUrl`; null where the source needs none. */
  readonly logoutHint: string | null;
}

export type IdentityOutcome = Identified | IdentityRefused | IdentityUnavailable;

export function identityRefused(code: IdentityRefusalCode, privateDetail: string): IdentityRefused {
  return { outcome: 'refused', code, privateDetail };
}

export function identityUnavailable(privateDetail: string): IdentityUnavailable {
  return { outcome: 'unavailable', privateDetail };
}

/** What the person is told: a refusal in our own terms, without the private detail. */
export function tellPerson(outcome: IdentityRefused | IdentityUnavailable): Refusal {
  if (outcome.outcome === 'refused') return refuse('access.refused', IDENTITY_REFUSALS[outcome.code]);
  return { ...refuse('server.busy', 'The sign-in of your institution cannot be reached at this moment.'), retryAfterSeconds: 30 };
}

/** Where a source sends browsers back to; https except on this machine. */
export interface IdentityAddresses {
  /** Takes what the source says about a visitor who comes back. */
  readonly callback: string;
  /** Takes what the source says about somebody who was signed out there. CAS alone posts that to `callback`. */
  readonly logout: string;
  /** Of the SAML metadata document, which is also our name there unless the file gives another. */
  readonly metadata: string;
}

/** What must be kept between leaving for the source and coming back: once, for minutes, tied to the browser. */
export interface PendingSignIn {
  /** Travels with the visitor and comes back in the answer; finds the rest. */
  readonly key: string;
  /** Never leaves the server. The text is the source's own. */
  readonly secrets: string;
}

/** A request that the source sent a browser with, or sends by itself. */
export interface OutsideRequest {
  readonly method: 'GET' | 'POST';
  /** After the `?`, still percent-encoded: signatures are over these bytes. */
  readonly query: string;
  /** Of a POST; empty otherwise. */
  readonly form: URLSearchParams;
}

export interface StartedSignIn {
  readonly outcome: 'started';
  /** Where the browser goes. */
  readonly url: string;
  readonly pending: PendingSignIn;
}

/** Whom the source signed out: these sessions of the source, or all of the subject. */
export interface LogoutMessage {
  readonly outcome: 'logout';
  /** Null where `sessionIndexes` say it alone. */
  readonly subject: string | null;
  /** As identities had them; `[]` is every session of the subject. */
  readonly sessionIndexes: readonly string[];
  /** Where the browser that brought the message goes back to, with the answer; null where the source itself called. */
  readonly replyUrl: string | null;
}

/** The browser is back from signing out at the source; there is nothing more to do. */
export interface LogoutReturned {
  readonly outcome: 'returned';
}

export type LogoutOutcome = LogoutMessage | LogoutReturned | IdentityRefused | IdentityUnavailable;

/** A source that browsers are sent to: OpenID Connect, SAML, CAS. */
export interface RedirectIdentitySource {
  readonly flow: 'redirect';
  readonly name: string;
  start(addresses: IdentityAddresses): Promise<StartedSignIn | IdentityUnavailable>;
  /** The key of the pending sign-in that an answer belongs to; null where it names none. Not yet checked in any way. */
  findKey(request: OutsideRequest): string | null;
  /** Judges an answer. `pending` is null where none was kept under the key, or it was taken before. */
  finish(request: OutsideRequest, pending: PendingSignIn | null, addresses: IdentityAddresses): Promise<IdentityOutcome>;
  /** Where a browser goes to sign out at the source too; null where the source knows no such thing. */
  logoutUrl(hint: string | null, returnTo: string, addresses: IdentityAddresses): Promise<string | null>;
  /** Judges a message that somebody was signed out at the source. */
  readLogout(request: OutsideRequest, addresses: IdentityAddresses): Promise<LogoutOutcome>;
  /** What the source needs to know about us, as a document; null where there is no such thing. */
  describe(addresses: IdentityAddresses): string | null;
}

/** A source that is asked whether name and password belong together: LDAP. */
export interface PasswordIdentitySource {
  readonly flow: 'password';
  readonly name: string;
  check(name: string, password: string): Promise<IdentityOutcome>;
}

/** A request as it reached this program, before any proxy is believed. */
export interface ProxiedRequest {
  /** The other end of the connection, never what `X-Forwarded-For` says. */
  readonly peer: string;
  /** Names and values in turn, in their order, with every repetition. */
  readonly rawHeaders: readonly string[];
}

/** A proxy in front that signs people in: mod_shib, `REMOTE_USER`. */
export interface HeaderIdentitySource {
  readonly flow: 'headers';
  readonly name: string;
  /** Where on this host a browser goes to sign out at the proxy too; null where there is no such path. */
  readonly signOutPath: string | null;
  /** Null where the proxy names nobody. */
  read(request: ProxiedRequest): IdentityOutcome | null;
}

export type IdentitySource = RedirectIdentitySource | PasswordIdentitySource | HeaderIdentitySource;

/** Ids of messages that count once. */
export interface OneTimeIds {
  /** False where it was spent before. It is kept until then. */
  spend(id: string, until: Date): Promise<boolean>;
}

/** The same, kept for all instances. */
export interface OneTimeIdStore extends OneTimeIds {
  removeEnded(now: Date): Promise<number>;
}

/** What an adapter has found out, before it is judged whether a person can be made of it. */
export interface IdentityFacts {
  readonly source: string;
  /** Null where the source did not say. */
  readonly subject: string | null;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
  readonly sessionIndex: string | null;
  readonly logoutHint?: string | null;
}

/** Which attributes are the name and the address. */
export interface NamingRules {
  readonly userName: string;
  readonly email: string;
}

const LONGEST_SUBJECT = 512;

/** Makes a person of what a source said, or says what is missing. One user name, or none: of two, nobody knows which counts. */
export function identify(
  { source, subject, attributes, sessionIndex, logoutHint = null }: IdentityFacts,
  naming: NamingRules,
): IdentityOutcome {
  if (subject === null || subject.trim() === '') return identityRefused('identity.subject', `${source} named no lasting subject`);
  if (subject.length > LONGEST_SUBJECT)
    return identityRefused('identity.subject', `${source} named a subject of ${subject.length} characters`);
  const names = attributes.get(naming.userName) ?? [];
  const [given] = names;
  if (given === undefined) return identityRefused('identity.name', `no attribute ${naming.userName}; there were ${listNames(attributes)}`);
  if (names.length > 1) return identityRefused('identity.name', `the attribute ${naming.userName} has ${names.length} values`);
  const name = parseUserName(given);
  if (typeof name !== 'string') return identityRefused('identity.name', `the attribute ${naming.userName} is no user name: ${name.detail}`);
  const email = (attributes.get(naming.email) ?? []).find(isMailAddress) ?? null;
  return { outcome: 'identified', identity: { source, subject, name, email, attributes, sessionIndex }, logoutHint };
}

function listNames(attributes: ReadonlyMap<string, readonly string[]>): string {
  return attributes.size === 0 ? 'none' : [...attributes.keys()].slice(0, 50).join(', ');
}

function isMailAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>,;:"()[\]\\\p{Cc}]+@[^\s@<>,;:"()[\]\\\p{Cc}]+$/u.test(text);
}
