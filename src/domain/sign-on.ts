import type { LanguageMap } from '../lib/language-map.ts';
import type { AccessService } from './access.ts';
import type { IdentitySource } from './identity.ts';
import type { RoleRule } from './map-roles.ts';
import { LOCAL_SOURCE, type SessionId } from './session.ts';

/** A source as the identity file has it. */
export interface KnownSource {
  readonly name: string;
  /** `oidc`, `saml` …, for administrators. */
  readonly type: string;
  readonly label: LanguageMap;
  readonly rules: readonly RoleRule[];
  readonly source: IdentitySource;
}

/** Sources by name, in the order of the identity file. */
export type KnownSources = ReadonlyMap<string, KnownSource>;

/** Where a sign-on leads back to. */
export type SignOnTarget =
  /** The window that a viewer opened. `origin`: the viewer's; null where the window named none, and access is for our own pages. */
  | { readonly kind: 'service'; readonly service: string; readonly origin: string | null }
  /** A page of ours, by its path below the base. */
  | { readonly kind: 'page'; readonly path: string }
  /** A page of the administration, by its path below the base. */
  | { readonly kind: 'admin'; readonly path: string }
  /** Nobody is signed in: what came is shown, and what would become of it. `link`: from `newTestLink`. */
  | { readonly kind: 'test'; readonly link: string };

/** How a session began that a source opened. */
export interface SignOn {
  readonly source: string;
  readonly subject: string;
  /** Hashed: a CAS ticket is a secret. */
  readonly sessionIndexHash: string | null;
  /** What the source wants back at a sign-out, sealed. */
  readonly sealedHint: string | null;
}

/** The sign-on of each session that a source opened. It goes where the session goes, and ends with it. */
export interface SignOnStore {
  /** A later one of the same session stands instead. Nothing is kept for a session that has ended meanwhile. */
  keep(sessionId: SessionId, signOn: SignOn): Promise<void>;
  /** The session goes on with a password of ours. */
  forget(sessionId: SessionId): Promise<void>;
  /** Null for a session that no source opened. */
  find(sessionId: SessionId): Promise<SignOn | null>;
  findBySubject(source: string, subject: string): Promise<readonly SessionId[]>;
  findByIndex(source: string, sessionIndexHashes: readonly string[]): Promise<readonly SessionId[]>;
}

/** A sign-on between leaving for the source and coming back. */
export interface KeptSignIn {
  readonly keyHash: string;
  readonly source: string;
  /** Of the cookie of the browser that left. */
  readonly browserHash: string;
  /** All the rest, sealed. */
  readonly sealed: string;
  readonly endsAt: Date;
}

export interface PendingSignInStore {
  keep(signIn: KeptSignIn): Promise<void>;
  /** What was kept, which is gone with that: who comes second, from another browser, with another source or too late, gets null. */
  take(what: {
    readonly keyHash: string;
    readonly source: string;
    readonly browserHash: string;
    readonly now: Date;
  }): Promise<string | null>;
  /** Those that are over, and of the others all but so many, the oldest first. */
  removeEnded(now: Date, keep: number): Promise<number>;
}

/** Text that only this server can read, and nobody can change. */
export interface Sealer {
  seal(text: string): string;
  /** Null for what was not sealed here. */
  open(sealed: string): string | null;
}

/** Who may say who somebody is at an access service. */
export function sourcesOf({ identity = [LOCAL_SOURCE] }: Pick<AccessService, 'identity'>): readonly string[] {
  return identity;
}
