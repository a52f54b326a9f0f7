import { changeRoles } from './change-roles.ts';
import { changeUser } from './change-user.ts';
import { createUser } from './create-user.ts';
import { disableUser, enableUser } from './disable-user.ts';
import type { MadeLink } from './make-user-link.ts';
import type { CsvMistake } from './people-csv.ts';
import { by, type Doer, type PeopleDeps } from './people-deps.ts';
import { changes, type ImportPlan, losesAdministrator, type PlannedLine } from './plan-import.ts';

export interface Imported {
  readonly added: number;
  readonly changed: number;
  /** For those who were added: shown this once. */
  readonly invitations: ReadonlyArray<{ readonly name: string; readonly email: string | null; readonly link: MadeLink }>;
  /** Lines that could not be done any more, because somebody changed the person meanwhile. */
  readonly mistakes: readonly CsvMistake[];
}

/** Does what the plan says, line by line, and writes down each change. Who is no administrator any more comes last, so that administrators take over from each other. */
export async function applyImport(deps: PeopleDeps, doer: Doer, { lines }: ImportPlan): Promise<Imported> {
  const invitations: Imported['invitations'][number][] = [];
  const mistakes: CsvMistake[] = [];
  const done = { added: 0, changed: 0 };
  for (const planned of lines.filter(changes).toSorted(gainsFirst)) {
    const outcome = planned.user === null ? await add(deps, doer, planned) : await change(deps, doer, planned);
    if (typeof outcome === 'string') mistakes.push({ line: planned.line, sentence: outcome });
    else if (planned.user === null) done.added += 1;
    else done.changed += 1;
    if (outcome !== null && typeof outcome !== 'string') {
      invitations.push({ name: planned.name, email: planned.email?.to ?? null, link: outcome });
    }
  }
  const detail = `${done.added} added, ${done.changed} changed`;
  await deps.audit.record({ ...by(doer), action: 'users.imported', detail });
  return { ...done, invitations, mistakes };
}

function gainsFirst(one: PlannedLine, other: PlannedLine): number {
  return Number(losesAdministrator(one)) - Number(losesAdministrator(other));
}

/** The invitation, null for somebody who is disabled from the first, or a sentence. */
async function add(deps: PeopleDeps, doer: Doer, { name, email, roles, becomes }: PlannedLine): Promise<MadeLink | null | string> {
  const created = await createUser(deps, doer, { name, email: email?.to ?? '', roles: roles ?? [], password: null });
  if (created.kind === 'not-accepted') return created.sentence;
  if (becomes !== 'disabled') return created.link;
  await disableUser(deps, doer, created.user);
  return null;
}

/** Null, or a sentence. */
async function change(deps: PeopleDeps, doer: Doer, { user, email, roles, becomes }: PlannedLine): Promise<null | string> {
  const now = user === null ? null : await deps.users.findById(user.id);
  if (now === null) return 'This user does not exist any more.';
  const steps = [
    becomes === 'enabled' ? () => enableUser(deps, doer, now) : null,
    email === null ? null : () => changeUser(deps, doer, now, { name: now.name, email: email.to ?? '' }),
    roles === null ? null : () => changeRoles(deps, doer, now, roles),
    becomes === 'disabled' ? () => disableUser(deps, doer, now) : null,
  ];
  for (const step of steps) {
    const outcome = await step?.();
    if (outcome?.kind === 'not-accepted') return outcome.sentence;
  }
  return null;
}
