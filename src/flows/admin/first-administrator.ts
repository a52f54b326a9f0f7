import { ADMINISTRATOR_ROLE, isAdministrator } from '../../domain/administrator.ts';
import type { AuditTrail } from '../../domain/audit.ts';
import { FIRST_LINK_MINUTES, type FirstAdministratorLink } from '../../domain/first-administrator.ts';
import { refuseNewPassword } from '../../domain/new-password.ts';
import type { Clock, PasswordHasher, Randomness, UserStore } from '../../domain/ports.ts';
import type { User } from '../../domain/session.ts';
import { parseUserName } from '../../domain/user-name.ts';
import { isRefusal } from '../../lib/problems.ts';

const SECRET_BYTES = 32;

/** A link that is kept in memory alone: the next start makes another one. `secret` is shown once. */
export function createFirstAdministratorLink(deps: {
  readonly clock: Clock;
  readonly randomness: Randomness;
}): FirstAdministratorLink & { readonly secret: string } {
  const { clock, randomness } = deps;
  const secret = randomness.token(SECRET_BYTES);
  const endsAt = clock.now().getTime() + FIRST_LINK_MINUTES * 60_000;
  let isUsed = false;
  const isGood = (given: string) => !isUsed && clock.now().getTime() < endsAt && randomness.equal(given, secret);
  return {
    secret,
    isGood,
    use(given) {
      if (!isGood(given)) return false;
      isUsed = true;
      return true;
    },
  };
}

export interface NewAdministrator {
  readonly name: string;
  readonly password: string;
}

/** Which of the two cannot be taken, and why, as a sentence. */
export interface NotAccepted {
  readonly kind: 'not-accepted';
  readonly field: 'name' | 'password';
  readonly sentence: string;
}

interface FirstAdministratorDeps {
  readonly users: UserStore;
  readonly passwords: PasswordHasher;
}

export async function hasAdministrator(users: UserStore): Promise<boolean> {
  return (await users.list()).some(isAdministrator);
}

/** Makes an administrator of what was given. `claim` is asked last, and makes nothing where it answers false. */
export async function createAdministrator(
  deps: FirstAdministratorDeps,
  given: NewAdministrator,
  claim: () => boolean = () => true,
): Promise<User | NotAccepted | null> {
  const name = parseUserName(given.name);
  if (isRefusal(name)) return notAccepted('name', name.detail);
  if ((await deps.users.find(name)) !== null) return notAccepted('name', `There is already a user “${name}”.`);
  const refusal = refuseNewPassword(given.password, name);
  if (refusal !== null) return notAccepted('password', refusal.detail);
  const passwordHash = await deps.passwords.hash(given.password);
  return claim() ? deps.users.create({ name, roles: [ADMINISTRATOR_ROLE], passwordHash }) : null;
}

/** The first administrator, by the one-time link. Null where the link is used or over, or an administrator exists. */
export async function createFirstAdministrator(
  deps: FirstLinkDeps & FirstAdministratorDeps & { readonly audit: AuditTrail },
  secret: string,
  given: NewAdministrator & { readonly address: string },
): Promise<User | NotAccepted | null> {
  if (!(await isFirstLinkOpen(deps, secret))) return null;
  const made = await createAdministrator(deps, given, () => deps.firstAdministrator.use(secret));
  if (made !== null && 'id' in made) {
    await deps.audit.record({ action: 'user.created', address: given.address, target: made.name, detail: 'the first administrator' });
  }
  return made;
}

interface FirstLinkDeps {
  readonly users: UserStore;
  readonly firstAdministrator: FirstAdministratorLink;
}

export async function isFirstLinkOpen(deps: FirstLinkDeps, secret: string): Promise<boolean> {
  return deps.firstAdministrator.isGood(secret) && !(await hasAdministrator(deps.users));
}

function notAccepted(field: NotAccepted['field'], sentence: string): NotAccepted {
  return { kind: 'not-accepted', field, sentence };
}
