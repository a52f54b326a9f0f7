import { isAdministrator } from '../../../domain/administrator.ts';
import type { User } from '../../../domain/session.ts';
import type { UserLink } from '../../../domain/user-link.ts';
import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, errorSummary, field } from '../parts.ts';
import { roleFields, sourceLabel, stateTag } from '../user-parts.ts';

export interface UserPage {
  readonly user: User;
  /** Whether it is the administrator who looks. */
  readonly isOwn: boolean;
  readonly isLocal: boolean;
  /** The link that is out, where there is one. */
  readonly link: UserLink | null;
  /** Roles to choose from. */
  readonly roles: readonly string[];
  /** By the last part of where they are posted to. */
  readonly formTokens: Readonly<Record<UserAction, string>>;
  /** What was typed, where it was not accepted. */
  readonly typed: { readonly name: string; readonly email: string; readonly roles: readonly string[] };
  readonly error: { readonly field: string | null; readonly sentence: string } | null;
  /** More about the person, each with a page of its own: label and path. */
  readonly more: ReadonlyArray<{ readonly label: string; readonly path: string }>;
}

/** Each is posted to `/admin/users/{id}/{action}`. Fields: `details`: `name`, `email`; `roles`: `role`, `roles`. */
export const USER_ACTIONS = ['details', 'roles', 'link', 'sessions', 'disable', 'enable', 'remove'] as const;

export type UserAction = (typeof USER_ACTIONS)[number];

/** `/admin/users/{id}`: everything about a person. */
export function userPage(frame: AdminFrame, shown: UserPage): string {
  const root = rootPath(frame.base);
  const { user, error } = shown;
  return renderAdmin(frame, {
    title: error === null ? user.name : `Error: ${user.name}`,
    section: 'users',
    main: html`<p><a href="${root}/admin/users">All users</a></p>
<h1>${user.name}</h1>
${errorSummary(error === null ? [] : [error])}${facts(shown)}
<ul>${shown.more.map(({ label, path }) => html`<li><a href="${root}${path}">${label}</a></li>\n`)}</ul>
<section><h2>Roles</h2>
${rolesForm(root, shown)}</section>
${shown.isLocal ? html`<section><h2>Name and address</h2>\n${detailsForm(root, shown)}</section>\n` : null}<section><h2>Access to the account</h2>
${actions(root, shown)}</section>`,
  });
}

function facts({ user, link }: UserPage): Html {
  const rows: ReadonlyArray<readonly [string, Html | string]> = [
    ['State', user.disabledAt === null ? stateTag(user) : html`${stateTag(user)} since ${adminTime(user.disabledAt)}`],
    ['E-mail', user.email ?? 'none'],
    ['From', user.subject === null ? sourceLabel(user.source) : html`${user.source}, where it is <code>${user.subject}</code>`],
    ['Last sign-in', user.lastSignInAt === null ? 'never' : adminTime(user.lastSignInAt)],
    ['In the list since', adminTime(user.createdAt)],
  ];
  const out =
    link === null
      ? []
      : [[link.kind === 'invitation' ? 'Invitation' : 'Link for a password', html`open until ${adminTime(link.endsAt)}`] as const];
  return html`<dl class="about">
${[...rows, ...out].map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}

function rolesForm(root: string, { user, roles, typed, formTokens, error }: UserPage): Html {
  const outside = user.outsideRoles.join(', ');
  return html`${outside === '' ? null : html`<p>From ${user.source}, at the last sign-in: <strong>${outside}</strong>. These follow from the rules of its attributes, and nothing here changes them.</p>\n`}<form method="post" action="${root}/admin/users/${user.id}/roles" class="sheet">
${formTokenField(formTokens.roles)}
${roleFields(roles, typed.roles, error?.field === 'roles' ? error.sentence : null)}<p class="buttons"><button type="submit">Save the roles</button></p>
</form>
`;
}

function detailsForm(root: string, { user, typed, formTokens, error }: UserPage): Html {
  const errorOf = (name: string) => (error?.field === name ? error.sentence : null);
  return html`<form method="post" action="${root}/admin/users/${user.id}/details" class="sheet">
${formTokenField(formTokens.details)}
${field({ name: 'name', label: 'User name', value: typed.name, required: true, maxLength: 200, error: errorOf('name') })}${field({ name: 'email', label: 'E-mail', type: 'email', value: typed.email, maxLength: 254, error: errorOf('email') })}<p class="buttons"><button type="submit">Save name and address</button></p>
</form>
`;
}

function actions(root: string, { user, isOwn, isLocal, formTokens }: UserPage): Html {
  const button = (
    action: UserAction,
    label: string,
    what: string,
    danger = false,
  ): Html => html`<li><form method="post" action="${root}/admin/users/${user.id}/${action}">${formTokenField(formTokens[action])}<button type="submit"${danger ? html` class="danger"` : null}>${label}</button></form>
<p class="hint">${what}</p></li>
`;
  return html`<ul class="actions">
${
  isLocal && user.disabledAt === null
    ? button(
        'link',
        user.isInvited ? 'Make another invitation' : 'Make a link for a new password',
        user.isInvited
          ? 'A link by which the person sets the first password, for 7 days. An earlier one works no longer.'
          : 'A link by which the person sets another password, for 24 hours. Until it is used, the password stays as it is.',
      )
    : null
}${button('sessions', 'End all sessions', 'The person is signed out everywhere, at once, and may sign in again.')}${
  isOwn
    ? null
    : user.disabledAt === null
      ? button('disable', 'Disable', 'The person is signed out everywhere, at once, and cannot sign in. Nothing is deleted.', true)
      : button('enable', 'Enable', 'The person can sign in again.')
}${isAdministrator(user) ? html`<li><a href="${root}/admin/second-factors">Second factors</a></li>\n` : null}${
  isOwn
    ? html`<li class="hint">You cannot disable or remove yourself.</li>`
    : button(
        'remove',
        'Remove',
        isLocal
          ? 'The account is deleted, with its sessions, tokens and grants. This cannot be undone.'
          : `The entry is deleted, with its sessions, tokens and grants. The person comes back with the next sign-in at ${user.source}: to keep somebody out, disable them.`,
        true,
      )
}</ul>
`;
}
