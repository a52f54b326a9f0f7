import type { AdminSession } from '../../../domain/admin-session.ts';
import type { ListedSession, ListedToken } from '../../../domain/session.ts';
import { nameBrowser } from '../../../lib/browser-name.ts';
import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { formTokenField, hostOf } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, field, table } from '../parts.ts';

interface SessionShown extends Pick<ListedSession, 'id' | 'createdAt' | 'usedAt' | 'address' | 'userAgent'> {
  /** Null for somebody without an account. */
  readonly userName: string | null;
  /** `service`: its label. */
  readonly grants: ReadonlyArray<{ readonly service: string; readonly origin: string; readonly isOurs: boolean }>;
  readonly tokens: readonly ListedToken[];
}

export interface SessionsPage {
  readonly search: { readonly user: string; readonly address: string; readonly everybody: boolean };
  /** Whose sessions they are, where one user's are looked for. */
  readonly owner: string | null;
  readonly sessions: readonly SessionShown[];
  readonly administrators: ReadonlyArray<{ readonly session: AdminSession; readonly userName: string; readonly isOwn: boolean }>;
  readonly older: string | null;
  /** Of this page without a search. */
  readonly address: string;
  /** Where forms are posted to. */
  readonly actions: { readonly end: string; readonly endAll: string };
  readonly formTokens: { readonly end: string; readonly endAll: string };
}

/** Who is signed in. */
export function sessionsPage(frame: AdminFrame, shown: SessionsPage): string {
  const root = rootPath(frame.base);
  const mayEndUser = shown.owner !== null && shown.sessions.length > 0;
  return renderAdmin(frame, {
    title: 'Sessions',
    section: 'sessions',
    main: html`<h1>Sessions</h1>
<section><h2>Readers</h2>
${searchForm(shown)}
${shown.sessions.length === 0 ? html`<p class="hint">There are none.</p>` : readerTable(shown, root)}
<p class="buttons">${shown.older === null ? null : html`<a href="${shown.older}" rel="next">Older</a>`}</p>
${mayEndUser ? endForm(shown, html`<input type="hidden" name="user" value="${shown.owner}"><button type="submit" class="danger">End every session of ${shown.owner}</button>`) : null}</section>
<section><h2>Administrators</h2>
${administratorTable(shown)}</section>
<section><h2>Everybody</h2>
<p>Every reader and every other administrator has to sign in again, and every access token of a viewer ends.</p>
<form method="post" action="${shown.actions.endAll}">${formTokenField(shown.formTokens.endAll)}<button type="submit" class="danger">End every session</button></form></section>`,
  });
}

function searchForm({ search, address }: SessionsPage): Html {
  return html`<form method="get" action="${address}" class="search">
${field({ name: 'user', label: 'User', type: 'search', value: search.user })}${field({ name: 'address', label: 'Address', type: 'search', value: search.address, hint: 'From where, such as 192.0.2.7.' })}<p class="choice"><input type="checkbox" id="everybody" name="everybody" value="yes"${search.everybody ? html` checked` : null}><label for="everybody">Also of visitors without an account, who agreed to terms or were at a kiosk</label></p>
<p class="buttons"><button type="submit" class="primary">Search</button></p>
</form>`;
}

function readerTable(shown: SessionsPage, root: string): Html {
  const rows = shown.sessions.map(
    (session) => html`<tr><th scope="row">${nameOf(session, shown)}</th>
<td>${adminTime(session.createdAt)}</td><td>${adminTime(session.usedAt)}</td>
<td>${from(session, root)}</td>
<td>${holds(session, shown)}</td>
<td>${endForm(shown, html`<button type="submit" name="session" value="${session.id}" class="small">End<span class="quiet"> the session of ${session.userName ?? 'a visitor'}</span></button>`)}</td></tr>
`,
  );
  return table('Sessions of readers', ['Who', 'Since', 'Last used', 'From', 'What it opens', ''], rows);
}

function nameOf({ userName }: SessionShown, { address }: SessionsPage): Html {
  if (userName === null) return html`<span class="hint">without an account</span>`;
  return html`<a href="${address}?user=${encodeURIComponent(userName)}"><bdi>${userName}</bdi></a>`;
}

function from({ address, userAgent }: SessionShown, root: string): Html {
  if (address === null) return html`<span class="hint">not known</span>`;
  return html`<a href="${root}/admin/audit?address=${encodeURIComponent(address)}">${address}</a><br><span class="hint">${nameBrowser(userAgent)}</span>`;
}

function holds({ id, grants, tokens }: SessionShown, shown: SessionsPage): Html {
  const granted = grants.map(
    ({ service, origin, isOurs }) => html`<li>${service}, ${isOurs ? 'on our own pages' : html`for <bdi>${hostOf(origin)}</bdi>`}</li>\n`,
  );
  const listed = tokens.map(
    (
      token,
    ) => html`<li><code>${token.firstLetters}…</code> ${token.service}${token.origin === null ? null : html`, for <bdi>${hostOf(token.origin)}</bdi>`}, until ${adminTime(token.expiresAt)}
${endForm(shown, html`<input type="hidden" name="session" value="${id}"><button type="submit" name="token" value="${token.tokenHash}" class="small">End<span class="quiet"> the token ${token.firstLetters}</span></button>`)}</li>
`,
  );
  return html`${granted.length === 0 ? html`<span class="hint">nothing yet</span>` : html`<ul class="plain">${granted}</ul>`}
${
  listed.length === 0
    ? null
    : html`<details><summary>${tokens.length === 1 ? '1 access token' : `${tokens.length} access tokens`}</summary>
<ul class="plain">${listed}</ul></details>`
}`;
}

function administratorTable(shown: SessionsPage): Html {
  const rows = shown.administrators.map(
    ({
      session,
      userName,
      isOwn,
    }) => html`<tr><th scope="row"><bdi>${userName}</bdi>${isOwn ? html` <span class="tag">this one</span>` : null}</th>
<td>${adminTime(session.createdAt)}</td><td>${adminTime(session.usedAt)}</td><td>${session.address}</td>
<td>${isOwn ? null : endForm(shown, html`<button type="submit" name="administrator" value="${session.id}" class="small">End<span class="quiet"> the session of ${userName}</span></button>`)}</td></tr>
`,
  );
  return table('Sessions of administrators', ['Who', 'Since', 'Last used', 'From', ''], rows);
}

function endForm({ actions, formTokens }: SessionsPage, button: Html): Html {
  return html`<form method="post" action="${actions.end}">${formTokenField(formTokens.end)}${button}</form>`;
}
