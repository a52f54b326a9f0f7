import type { User } from '../../../domain/session.ts';
import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, field, table } from '../parts.ts';
import { filterField, sourceLabel, stateOptions, stateTag } from '../user-parts.ts';

export interface UsersPage {
  readonly search: { readonly text: string; readonly role: string; readonly source: string; readonly state: string };
  /** What there is to choose from. */
  readonly roles: readonly string[];
  readonly sources: readonly string[];
  readonly users: readonly User[];
  readonly total: number;
  /** Of the first user on the page, from 1. */
  readonly first: number;
  /** Paths with query; null where there is no such page. */
  readonly before: string | null;
  readonly after: string | null;
  /** The same search, as a CSV file. */
  readonly exportPath: string;
}

/** `/admin/users` */
export function usersPage(frame: AdminFrame, shown: UsersPage): string {
  const root = rootPath(frame.base);
  const { search } = shown;
  return renderAdmin(frame, {
    title: 'Users',
    section: 'users',
    main: html`<h1>Users</h1>
<p class="buttons"><a class="button" href="${root}/admin/users/new">Add a user</a> <a href="${root}/admin/users/import">Import a CSV file</a> <a href="${shown.exportPath}">Export these as CSV</a></p>
<form method="get" action="${root}/admin/users" class="filters" role="search">
${field({ name: 'q', label: 'Name or e-mail', type: 'search', value: search.text, maxLength: 200 })}${filterField(
  'role',
  'Role',
  'any role',
  shown.roles.map((role) => ({ value: role, label: role })),
  search.role,
)}${filterField(
  'source',
  'From',
  'anywhere',
  shown.sources.map((source) => ({ value: source, label: sourceLabel(source) })),
  search.source,
)}${filterField('state', 'State', 'any state', stateOptions(), search.state)}<p class="buttons"><button type="submit">Search</button></p>
</form>
${shown.total === 0 ? html`<p>Nobody was found.</p>` : found(root, shown)}`,
  });
}

function found(root: string, shown: UsersPage): Html {
  const rows = shown.users.map(
    (user) => html`<tr><th scope="row"><a href="${root}/admin/users/${user.id}">${user.name}</a></th>
<td>${user.email}</td><td>${user.roles.join(', ')}</td><td>${sourceLabel(user.source)}</td><td>${stateTag(user)}</td>
<td>${user.lastSignInAt === null ? 'never' : adminTime(user.lastSignInAt)}</td></tr>
`,
  );
  const last = shown.first + shown.users.length - 1;
  return html`<p class="hint">${shown.users.length === 0 ? 'There are not so many.' : `${shown.first} to ${last} of ${shown.total}, by name.`}</p>
${table('Users', ['Name', 'E-mail', 'Roles', 'From', 'State', 'Last sign-in'], rows)}
${shown.before === null && shown.after === null ? null : html`<nav class="buttons" aria-label="Pages">${shown.before === null ? null : html`<a href="${shown.before}">Previous page</a>`} ${shown.after === null ? null : html`<a href="${shown.after}">Next page</a>`}</nav>`}`;
}
