import type { Randomness } from '../domain/ports.ts';
import type { SessionId } from '../domain/session.ts';

/** What a cookie of ours holds: which session, and the secret that proves it. Written `ses_….secret`. */
export interface SessionKey {
  readonly id: SessionId;
  readonly secret: string;
}

const ID_BYTES = 16;
/** 256 bits: a secret is never guessed, so its hash needs no salt. */
const SECRET_BYTES = 32;
const WRITTEN = /^(ses_[A-Za-z0-9_-]{16,64})\.([A-Za-z0-9_-]{32,128})$/;

export function newSessionId(randomness: Randomness): SessionId {
  return `ses_${randomness.token(ID_BYTES)}`;
}

export function newSessionKey(randomness: Randomness, id: SessionId): SessionKey {
  return { id, secret: randomness.token(SECRET_BYTES) };
}

export function writeSessionKey(key: SessionKey): string {
  return `${key.id}.${key.secret}`;
}

/** Null for whatever we never wrote. */
export function parseSessionKey(text: string): SessionKey | null {
  const [, id, secret] = WRITTEN.exec(text) ?? [];
  if (id === undefined || secret === undefined) return null;
  return { id: id as SessionId, secret };
}
