import type { IdentityOutcome } from '../domain/identity.ts';
import type { PasswordHasher } from '../domain/ports.ts';
import { LOCAL_SOURCE, type User } from '../domain/session.ts';
import type { KnownSources } from '../domain/sign-on.ts';
import { type KeepDeps, keepPerson, type Person } from './admit-person.ts';
import { checkPassword, isTooLong } from './check-password.ts';

export interface AskDeps extends KeepDeps {
  identitySources(): KnownSources;
  readonly passwords: PasswordHasher;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
  /** Who is asked, one after the other: `local`, and names of the identity file. */
  readonly sources: readonly string[];
}

export type Checked =
  /** `person` is null for an account of ours. */
  | { readonly kind: 'right'; readonly user: User; readonly person: Person | null }
  /** `unavailable`: none said yes, and one could not be asked. `detail` is for the audit. */
  | { readonly kind: 'wrong' | 'unavailable'; readonly detail: string };

const WRONG = { kind: 'wrong', detail: 'wrong name or password' } as const;

/**
 * Asks the sources in their order until one says yes. Where none does, all have been asked, whether they know the name or
 * not: the answer takes as long for a name that nobody has.
 */
export async function askSources(deps: AskDeps, { name: typed, password, sources }: Credentials): Promise<Checked> {
  const name = typed.trim();
  if (name === '' || password === '' || isTooLong({ name, password })) return WRONG;
  const details: string[] = [];
  let kind: 'wrong' | 'unavailable' = 'wrong';
  for (const source of sources) {
    const checked = source === LOCAL_SOURCE ? await askLocal(deps, { name, password }) : await askOutside(deps, source, { name, password });
    if (checked === null) continue;
    if (checked.kind === 'right') return checked;
    if (checked.kind === 'unavailable') kind = 'unavailable';
    details.push(checked.detail);
  }
  return { kind, detail: details.join('; ') };
}

async function askLocal(deps: AskDeps, typed: { readonly name: string; readonly password: string }): Promise<Checked> {
  const user = await checkPassword(deps, typed);
  return user === null ? WRONG : { kind: 'right', user, person: null };
}

/** Null for a source that takes no passwords. */
async function askOutside(
  deps: AskDeps,
  sourceName: string,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<Checked | null> {
  const known = deps.identitySources().get(sourceName);
  if (known === undefined || known.source.flow !== 'password') return null;
  const outcome: IdentityOutcome = await known.source.check(name, password);
  if (outcome.outcome !== 'identified') {
    const detail = `${sourceName}: ${outcome.privateDetail}`;
    return { kind: outcome.outcome === 'unavailable' ? 'unavailable' : 'wrong', detail };
  }
  const user = await keepPerson(deps, known, outcome.identity);
  if (user.disabledAt !== null) return { kind: 'wrong', detail: `${sourceName}: the user is disabled` };
  return { kind: 'right', user, person: { ...outcome, known } };
}
