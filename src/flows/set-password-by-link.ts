import type { AuditTrail } from '../domain/audit.ts';
import { findPasswordFlaw, type PasswordFlaw } from '../domain/new-password.ts';
import type { Clock, PasswordHasher, Randomness, UserLinkStore, UserStore } from '../domain/ports.ts';
import type { User } from '../domain/session.ts';
import type { UserLink } from '../domain/user-link.ts';

export interface PasswordLinkDeps {
  readonly users: UserStore;
  readonly userLinks: UserLinkStore;
  readonly passwords: PasswordHasher;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly audit: AuditTrail;
  /** What the site is called: nobody's password is made of it. */
  readonly siteNames: readonly string[];
}

export interface PasswordLink {
  readonly link: UserLink;
  readonly user: User;
}

export type PasswordSet =
  | { readonly kind: 'set'; readonly user: User }
  | { readonly kind: 'flawed'; readonly flaw: PasswordFlaw | 'different'; readonly user: User }
  /** Used before, too old, none at all, or of somebody who is disabled. */
  | { readonly kind: 'over' };

/** Whose link it is; null where it is over. Looking changes nothing: programs that look at links before people do must not use it up. */
export async function findPasswordLink(deps: PasswordLinkDeps, kind: UserLink['kind'], secret: string): Promise<PasswordLink | null> {
  const link = await deps.userLinks.find(deps.randomness.hash(secret), deps.clock.now());
  if (link === null || link.kind !== kind) return null;
  const user = await deps.users.findById(link.userId);
  return user === null || user.disabledAt !== null ? null : { link, user };
}

/** Sets the password of whom the link is for, uses the link up, and ends every session of theirs. */
export async function setPasswordByLink(
  deps: PasswordLinkDeps,
  kind: UserLink['kind'],
  typed: { readonly secret: string; readonly password: string; readonly again: string; readonly address: string },
): Promise<PasswordSet> {
  const found = await findPasswordLink(deps, kind, typed.secret);
  if (found === null) return { kind: 'over' };
  const { user } = found;
  const flaw = findPasswordFlaw(typed.password, [user.name, user.email ?? '', ...deps.siteNames]);
  if (flaw !== null) return { kind: 'flawed', flaw, user };
  if (typed.password !== typed.again) return { kind: 'flawed', flaw: 'different', user };
  const passwordHash = await deps.passwords.hash(typed.password);
  if ((await deps.userLinks.use(deps.randomness.hash(typed.secret), deps.clock.now())) === null) return { kind: 'over' };
  if (!(await deps.users.setPasswordHash(user.id, passwordHash))) return { kind: 'over' };
  await deps.audit.record({
    action: 'user.password',
    actor: user.name,
    address: typed.address,
    target: user.name,
    detail: kind === 'invitation' ? 'by invitation' : 'by a link for a new password',
  });
  return { kind: 'set', user };
}
