import { type Html, html } from '../../html.ts';
import { type AdminFrame, renderAdmin, renderAdminForm } from '../document.ts';
import { table } from '../parts.ts';

/** What a source said about a person, and what would become of it. */
export interface IdentityTestShown {
  readonly source: string;
  readonly type: string;
  readonly outcome:
    | {
        readonly kind: 'identified';
        readonly identity: {
          readonly subject: string;
          readonly name: string;
          readonly email: string | null;
          readonly attributes: ReadonlyMap<string, readonly string[]>;
        };
        readonly roles: readonly string[];
        readonly reasons: readonly string[];
      }
    | { readonly kind: 'refused'; readonly code: string; readonly privateDetail: string };
  readonly user: string | null;
}

/** For whoever came with the one-time address of a test. */
export function identityTestPage(base: string, shown: IdentityTestShown): string {
  return renderAdminForm(base, { title: titleOf(shown), main: result(shown) });
}

/** The same, for an administrator who is signed in. */
export function adminIdentityTestPage(frame: AdminFrame, shown: IdentityTestShown, back: string): string {
  const main = html`${result(shown)}
<p><a href="${back}">Back to the identity sources</a></p>`;
  return renderAdmin(frame, { title: titleOf(shown), section: 'identity', main });
}

function titleOf({ source }: IdentityTestShown): string {
  return `Test of ${source}`;
}

function result(shown: IdentityTestShown): Html {
  const { outcome, type } = shown;
  const heading = html`<h1>${titleOf(shown)}</h1>
<p class="hint">${type}. Nobody was signed in, and nothing was kept.</p>`;
  if (outcome.kind === 'refused') {
    return html`${heading}
<p class="error" role="alert"><strong>${outcome.code}</strong> ${outcome.privateDetail}</p>`;
  }
  const { identity, roles, reasons } = outcome;
  const rows = [...identity.attributes].map(
    ([name, values]) => html`<tr><th scope="row">${name}</th><td>${values.map((value) => html`${value}<br>`)}</td></tr>
`,
  );
  return html`${heading}
<dl class="facts"><dt>Subject</dt><dd>${identity.subject}</dd>
<dt>User name</dt><dd>${identity.name}</dd>
<dt>Mail address</dt><dd>${identity.email ?? 'none'}</dd>
<dt>Roles</dt><dd>${roles.length === 0 ? 'none' : roles.join(', ')}</dd></dl>
${shown.user === null ? null : html`<p>${shown.user}</p>`}
<h2>Why these roles</h2>
${reasons.length === 0 ? html`<p>The source has no rules.</p>` : html`<ul>${reasons.map((reason) => html`<li>${reason}</li>\n`)}</ul>`}
<h2>What came</h2>
${table('Attributes', ['Attribute', 'Values'], html`${rows}`)}`;
}
