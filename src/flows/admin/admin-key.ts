import type { AdminSessionId } from '../../domain/admin-session.ts';
import type { Randomness } from '../../domain/ports.ts';

/** What the cookie of an administrator holds: which session, and the secret that proves it. Written `adm_….secret`. */
export interface AdminKey {
  readonly id: AdminSessionId;
  readonly secret: string;
}

export const ADMIN_COOKIE = 'vitrine-admin';

const ID_BYTES = 16;
/** 256 bits: a secret is never guessed, so its hash needs no salt. */
const SECRET_BYTES = 32;
const WRITTEN = /^(adm_[A-Za-z0-9_-]{16,64})\.([A-Za-z0-9_-]{32,128})$/;

export function newAdminKey(randomness: Randomness): AdminKey {
  return renewAdminKey(randomness, `adm_${randomness.token(ID_BYTES)}`);
}

/** Another secret for the same session. */
export function renewAdminKey(randomness: Randomness, id: AdminSessionId): AdminKey {
  return { id, secret: randomness.token(SECRET_BYTES) };
}

export function writeAdminKey(key: AdminKey): string {
  return `${key.id}.${key.secret}`;
}

/** Null for whatever we never wrote. */
export function readAdminKey(cookies: ReadonlyMap<string, string>): AdminKey | null {
  const [, id, secret] = WRITTEN.exec(cookies.get(ADMIN_COOKIE) ?? '') ?? [];
  if (id === undefined || secret === undefined) return null;
  return { id: id as AdminSessionId, secret };
}
