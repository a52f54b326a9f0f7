import { ADMINISTRATOR_ROLE, isAdministrator } from '../../domain/administrator.ts';
import type { AuditTrail } from '../../domain/audit.ts';
import { FIRST_LINK_MINUTES, type FirstAdministratorLink } from '../../domain/first-administrator.ts';
import type { OneTimeIds } from '../../domain/identity.ts';
import { refuseNewPassword } from '../../domain/new-password.ts';
import type { Clock, PasswordHasher, Randomness, UserStore } from '../../domain/ports.ts';
import type { User } from '../../domain/session.ts';
import { parseUserName } from '../../domain/user-name.ts';
import { isRefusal } from '../../lib/problems.ts';

const SECRET_BYTES = 32;

/** The link of this start of the server, the same in all processes of it. */
export interface FirstLink {
  /** Shown once. */
  readonly secret: string;
  readonly endsAt: Date;
}

/** Kept in memory alone: the next start makes another one. */
export function newFirstLink({ clock, randomness }: { readonly clock: Clock; readonly randomness: Randomness }): FirstLink {
  return { secret: randomness.token(SECRET_BYTES), endsAt: new Date(clock.now().getTime() + FIRST_LINK_MINUTES * 60_000) };
}

export function createFirstAdministratorLink(
  deps: { readonly clock: Clock; readonly randomness: Randomness; readonly oneTimeIds: OneTimeIds },
  { secret, endsAt }: FirstLink,
): FirstAdministratorLink {
  const { clock, randomness, oneTimeIds } = deps;
  const isGood = (given: string) => clock.now() < endsAt && randomness.equal(given, secret);
  return {
    isGood,
    use: async (given) => isGood(given) && (await oneTimeIds.spend(`first-administrator ${secret}`, endsAt)),
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
  claim: () => Promise<boolean> = async () => true,
): Promise<User | NotAccepted | null> {
  const name = parseUserName(given.name);
  if (isRefusal(name)) return notAccepted('name', name.detail);
  if ((await deps.users.find(name)) !== null) return notAccepted('name', `There is already a user “${name}”.`);
  const refusal = refuseNewPassword(given.password, name);
  if (refusal !== null) return notAccepted('password', refusal.detail);
  const passwordHash = await deps.passwords.hash(given.password);
  return (await claim()) ? deps.users.create({ name, roles: [ADMINISTRATOR_ROLE], passwordHash }) : null;
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
