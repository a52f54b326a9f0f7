import type { AdminSession } from '../../../domain/admin-session.ts';
import type { SecondFactor } from '../../../domain/second-factor.ts';
import { type Html, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, errorSummary, field, table } from '../parts.ts';

export interface YouPage {
  readonly name: string;
  readonly roles: readonly string[];
  /** Where the form for a new password is posted to. Fields: `current`, `next`, `again`. Null where none is kept here. */
  readonly password: {
    readonly action: string;
    readonly formToken: string;
    readonly error: { readonly field: 'current' | 'next' | 'again'; readonly sentence: string } | null;
  } | null;
  readonly factors: {
    readonly all: readonly SecondFactor[];
    /** Field: `factor`. */
    readonly removeAction: string;
    readonly removeToken: string;
    /** How many are left. */
    readonly recoveryCodes: number;
    readonly codesAction: string;
    readonly codesToken: string;
    readonly appPath: string;
    readonly passkeyPath: string;
    /** Whether every administrator must have one. */
    readonly needed: boolean;
  };
  readonly sessions: {
    /** Where the forms are posted to. Field: `session`. */
    readonly action: string;
    readonly formToken: string;
    readonly own: AdminSession['id'];
    readonly all: readonly AdminSession[];
  };
}

/** An administrator's own account. */
export function youPage(frame: AdminFrame, shown: YouPage): string {
  const error = shown.password?.error ?? null;
  const title = 'Your account';
  return renderAdmin(frame, {
    title: error === null ? title : `Error: ${title}`,
    section: 'you',
    main: html`<h1>${title}</h1>
<p>You are <strong>${shown.name}</strong>, ${shown.roles.length === 1 ? 'with the role' : 'with the roles'} ${shown.roles.join(', ')}.</p>
${
  shown.password === null
    ? null
    : html`<section><h2>Change your password</h2>
${passwordForm(shown.password)}</section>`
}
<section><h2>Your second factor</h2>
${factorsOf(shown.factors)}</section>
<section><h2>Where you are signed in to the administration</h2>
${sessionTable(shown.sessions)}</section>`,
  });
}

function passwordForm({ action, formToken, error }: NonNullable<YouPage['password']>): Html {
  const errorOf = (name: string) => (error?.field === name ? error.sentence : null);
  return html`${errorSummary(error === null ? [] : [error])}<form method="post" action="${action}" class="sheet">
${formTokenField(formToken)}
${field({ name: 'current', label: 'Your password until now', type: 'password', autocomplete: 'current-password', required: true, error: errorOf('current') })}${field({ name: 'next', label: 'Your new password', type: 'password', autocomplete: 'new-password', hint: 'Ten characters or more. Every other session of yours ends.', required: true, error: errorOf('next') })}${field({ name: 'again', label: 'The new password again', type: 'password', autocomplete: 'new-password', required: true, error: errorOf('again') })}<p class="buttons"><button type="submit" class="primary">Change the password</button></p>
</form>
`;
}

function factorsOf(factors: YouPage['factors']): Html {
  const { all, needed } = factors;
  const sentence = needed
    ? html`<p${all.length === 0 ? html` class="error"` : null}>Administrators of this server need a second factor${all.length === 0 ? '; set one up to go on' : null}.</p>`
    : html`<p>With a second factor, somebody who learns your password cannot sign in with it.</p>`;
  const add = html`<ul class="ways"><li><a href="${factors.appPath}">Add an app for one-time codes</a></li>
<li><a href="${factors.passkeyPath}">Add a passkey</a></li></ul>
`;
  if (all.length === 0)
    return html`${sentence}
${add}`;
  const rows = all.map(
    ({
      id,
      kind,
      name,
      createdAt,
      usedAt,
    }) => html`<tr><th scope="row">${name}</th><td>${kind === 'passkey' ? 'Passkey' : 'One-time codes'}</td>
<td>${adminTime(createdAt)}</td><td>${usedAt === null ? 'never' : adminTime(usedAt)}</td>
<td><form method="post" action="${factors.removeAction}">${formTokenField(factors.removeToken)}<button type="submit" name="factor" value="${id}" class="small danger">Remove<span class="quiet"> ${name}</span></button></form></td></tr>
`,
  );
  return html`${sentence}
${table('Your second factors', ['Name', 'Kind', 'Since', 'Last used', ''], rows)}${add}<form method="post" action="${factors.codesAction}" class="inline">${formTokenField(factors.codesToken)}<p>${factors.recoveryCodes === 1 ? 'One recovery code is' : `${factors.recoveryCodes} recovery codes are`} left.</p> <button type="submit" class="small">Make new ones</button></form>
`;
}

function sessionTable({ action, formToken, own, all }: YouPage['sessions']): Html {
  const rows = all.map(
    (session) => html`<tr><th scope="row">${session.address}${session.id === own ? html` <span class="tag">this one</span>` : null}</th>
<td>${adminTime(session.createdAt)}</td><td>${adminTime(session.usedAt)}</td>
<td>${session.id === own ? null : html`<form method="post" action="${action}">${formTokenField(formToken)}<button type="submit" name="session" value="${session.id}" class="small">End<span class="quiet"> the session from ${session.address}</span></button></form>`}</td></tr>
`,
  );
  return table('Your sessions', ['From', 'Since', 'Last used', ''], rows);
}
