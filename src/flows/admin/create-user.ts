import { refuseNewPassword } from '../../domain/new-password.ts';
import { parseRoles } from '../../domain/role-name.ts';
import type { User } from '../../domain/session.ts';
import { parseUserName } from '../../domain/user-name.ts';
import { isRefusal } from '../../lib/problems.ts';
import { type MadeLink, makeUserLink } from './make-user-link.ts';
import { parseEmail } from './parse-email.ts';
import { by, type Doer, type NotAccepted, notAccepted, type PeopleDeps } from './people-deps.ts';
import { rolesInWords } from './roles-in-words.ts';

export interface NewUser {
  readonly name: string;
  /** Empty for none. */
  readonly email: string;
  readonly roles: readonly string[];
  /** Null to invite: the person sets it, by a link. */
  readonly password: string | null;
}

export type Created = { readonly kind: 'done'; readonly user: User; readonly link: MadeLink | null } | NotAccepted;

/** An account that is kept here. */
export async function createUser(deps: PeopleDeps, doer: Doer, typed: NewUser): Promise<Created> {
  const name = parseUserName(typed.name);
  if (isRefusal(name)) return notAccepted('name', name.detail);
  const email = parseEmail(typed.email);
  if (isRefusal(email)) return notAccepted('email', email.detail);
  const roles = parseRoles(typed.roles);
  if (isRefusal(roles)) return notAccepted('roles', roles.detail);
  const weak = typed.password === null ? null : refuseNewPassword(typed.password, name, [email ?? '', ...deps.siteNames]);
  if (weak !== null) return notAccepted('password', weak.detail);
  const taken = notAccepted('name', `There is already a user ${JSON.stringify(name)}.`);
  if ((await deps.users.find(name)) !== null) return taken;
  const passwordHash = typed.password === null ? null : await deps.passwords.hash(typed.password);
  const user = await deps.users.create({ name, email, roles, passwordHash });
  if (user === null) return taken;
  await deps.audit.record({ ...by(doer), action: 'user.created', target: user.name, detail: rolesInWords(roles) });
  return { kind: 'done', user, link: user.isInvited ? await makeUserLink(deps, doer, user) : null };
}
