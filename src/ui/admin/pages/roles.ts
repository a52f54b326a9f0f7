import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { table } from '../parts.ts';

export interface RolesPage {
  readonly roles: ReadonlyArray<{
    readonly name: string;
    /** How many have it. */
    readonly users: number;
    /** What it is good for beside policies. */
    readonly note: string | null;
    /** Rules of identity sources that give it; beside them there is the hand. */
    readonly givenBy: readonly string[];
    readonly policies: ReadonlyArray<{ readonly number: number; readonly items: string; readonly words: string }>;
  }>;
}

/** `/admin/roles`: each role, who has it, what it opens and what gives it. */
export function rolesPage(frame: AdminFrame, { roles }: RolesPage): string {
  const root = rootPath(frame.base);
  const rows = roles.map(
    ({ name, users, note, policies, givenBy }) => html`<tr><th scope="row">${name}</th>
<td>${users === 0 ? 'nobody' : html`<a href="${root}/admin/users?role=${encodeURIComponent(name)}">${users} ${users === 1 ? 'user' : 'users'}<span class="quiet"> with the role ${name}</span></a>`}</td>
<td>${note === null && policies.length === 0 ? 'no policy names it' : html`${note === null ? null : html`<p>${note}</p>`}${listOf(policies.map((policy) => html`Policy ${policy.number} (${policy.items}): ${policy.words}`))}`}</td>
<td>${givenBy.length === 0 ? 'by hand only' : listOf(givenBy.map((rule) => html`${rule}`))}</td></tr>
`,
  );
  return renderAdmin(frame, {
    title: 'Roles',
    section: 'roles',
    main: html`<h1>Roles</h1>
<p class="hint">A role is a word that policies of the access file ask for. It exists as soon as somebody has it, or a policy names it.</p>
${table('Roles', ['Role', 'Who has it', 'What it opens', 'What gives it'], rows)}`,
  });
}

function listOf(entries: readonly Html[]): Html | null {
  return entries.length === 0 ? null : html`<ul>${entries.map((entry) => html`<li>${entry}</li>`)}</ul>`;
}
