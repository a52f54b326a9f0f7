import { MOST_TOKEN_DAYS, SCOPES, type Scope } from '../../../domain/personal-token.ts';
import { type Html, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, errorSummary, field, table } from '../parts.ts';

export interface TokensPage {
  /** Just made, to be shown this once; null on any other page. */
  readonly secret: { readonly name: string; readonly text: string } | null;
  readonly create: {
    /** Fields: `name`, `days`, `scope` for each. */
    readonly action: string;
    readonly formToken: string;
    readonly typed: { readonly name: string; readonly days: string; readonly scopes: readonly string[] };
    readonly error: { readonly field: 'name' | 'days' | 'scopes' | null; readonly sentence: string } | null;
  };
  readonly revoke: {
    /** Field: `token`. */
    readonly action: string;
    readonly formToken: string;
  };
  readonly own: readonly TokenShown[];
  readonly others: readonly TokenShown[];
}

export interface TokenShown {
  readonly id: string;
  readonly userName: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Whether some of the scopes count for nothing, because the owner is no administrator, or disabled. */
  readonly isIdle: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly hasExpired: boolean;
  readonly usedAt: Date | null;
}

const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  content: 'Pictures, files and documents, where policies allow tokens',
  'users:read': 'See users',
  'users:write': 'Add, change and remove users',
  'roles:read': 'See roles',
  'roles:write': 'Give and take roles',
  'grants:read': 'See who was given items for a time',
  'grants:write': 'Give items for a time, and take them back',
  'sessions:read': 'See sessions',
  'sessions:write': 'End sessions',
  'audit:read': 'Read the audit',
  'access:read': 'Read the access file, and ask who may see what',
  'cache:read': 'See how full the caches are',
  'cache:write': 'Remove finished images from the caches',
};

/** Personal access tokens: an administrator's own, and everybody else's. */
export function tokensPage(frame: AdminFrame, shown: TokensPage): string {
  const { error } = shown.create;
  const title = 'Personal access tokens';
  return renderAdmin(frame, {
    title: error === null ? title : `Error: ${title}`,
    section: 'tokens',
    main: html`<h1>${title}</h1>
<p>A script sends a token instead of a password. It works for one user, for the purposes that are ticked, and until it ends. Scopes beside <code>content</code> count while their user is an administrator.</p>
${shown.secret === null ? null : secretShown(shown.secret)}${errorSummary(error === null ? [] : [{ ...error, field: error.field === 'scopes' ? 'scope-content' : error.field }])}<section><h2>Your tokens</h2>
${shown.own.length === 0 ? html`<p>You have none.</p>` : tokenTable('Your tokens', shown.own, shown.revoke)}</section>
<section><h2>A new token</h2>
${createForm(shown.create)}</section>
<section><h2>Tokens of others</h2>
${shown.others.length === 0 ? html`<p>Nobody else has one.</p>` : tokenTable('Tokens of others', shown.others, shown.revoke)}</section>`,
  });
}

function secretShown({ name, text }: NonNullable<TokensPage['secret']>): Html {
  return html`<div class="secret" role="status"><p><strong>This is the token “${name}”.</strong> Copy it now: it is shown this once, and kept as a hash.</p>
<p><code>${text}</code></p></div>
`;
}

function createForm({ action, formToken, typed, error }: TokensPage['create']): Html {
  const errorOf = (name: string) => (error?.field === name ? error.sentence : null);
  const wrongScopes = errorOf('scopes');
  return html`<form method="post" action="${action}" class="sheet">
${formTokenField(formToken)}
${field({ name: 'name', label: 'What it is for', value: typed.name, required: true, maxLength: 100, error: errorOf('name') })}${field({ name: 'days', label: 'Days until it ends', value: typed.days, hint: `${MOST_TOKEN_DAYS} at most.`, required: true, maxLength: 3, error: errorOf('days') })}<fieldset class="choices"${wrongScopes === null ? null : html` aria-describedby="scopes-error"`}><legend>What it may do</legend>
${wrongScopes === null ? null : html`<p class="wrong" id="scopes-error">${wrongScopes}</p>\n`}${SCOPES.map(
  (
    scope,
  ) => html`<p class="choice"><input type="checkbox" name="scope" value="${scope}" id="scope-${idOf(scope)}"${typed.scopes.includes(scope) ? html` checked` : null}> <label for="scope-${idOf(scope)}">${SCOPE_WORDS[scope]} <code>${scope}</code></label></p>
`,
)}</fieldset>
<p class="buttons"><button type="submit" class="primary">Create the token</button></p>
</form>
`;
}

function idOf(scope: Scope): string {
  return scope.replace(':', '-');
}

function tokenTable(label: string, tokens: readonly TokenShown[], { action, formToken }: TokensPage['revoke']): Html {
  const rows = tokens.map(
    (token) => html`<tr><th scope="row">${token.name}</th><td>${token.userName}</td>
<td>${token.scopes.join(', ')}${token.isIdle ? html` <span class="tag">counts for less now</span>` : null}</td>
<td>${token.hasExpired ? html`<span class="tag">over</span> ` : null}${adminTime(token.expiresAt)}</td><td>${token.usedAt === null ? 'never' : adminTime(token.usedAt)}</td>
<td><form method="post" action="${action}">${formTokenField(formToken)}<button type="submit" name="token" value="${token.id}" class="small">Revoke<span class="quiet"> the token ${token.name} of ${token.userName}</span></button></form></td></tr>
`,
  );
  return table(label, ['For', 'User', 'May', 'Until', 'Last used', ''], rows);
}
