import { type Html, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, field } from '../parts.ts';

export interface IdentitySourceShown {
  readonly name: string;
  readonly type: string;
  readonly label: string;
  /** Names of access services that list it. */
  readonly services: readonly string[];
  readonly rules: number;
  readonly users: number;
  readonly lastSignInAt: Date | null;
  /** What the other side asks for: label and address. */
  readonly addresses: ReadonlyArray<{ readonly label: string; readonly address: string }>;
  readonly metadata: string | null;
  readonly test:
    | { readonly kind: 'link'; readonly href: string }
    /** Fields: `source`, `user`, `password`, `form-token`. */
    | { readonly kind: 'form'; readonly action: string; readonly formToken: string };
}

/** Where people come from who have accounts elsewhere. */
export function identityPage(frame: AdminFrame, sources: readonly IdentitySourceShown[]): string {
  return renderAdmin(frame, {
    title: 'Identity sources',
    section: 'identity',
    main: html`<h1>Identity sources</h1>
${
  sources.length === 0
    ? html`<p>There are none: everybody who signs in has an account of Vitrine itself. The option <code>identity</code> names the file that has some.</p>`
    : html`<p class="hint">As the identity file has them. A test signs nobody in, and keeps nothing.</p>
${sources.map(sourcePart)}`
}`,
  });
}

function sourcePart(source: IdentitySourceShown): Html {
  const { name, type, label, services, rules, users, lastSignInAt, metadata } = source;
  return html`<section><h2>${name}</h2>
<dl class="facts"><dt>Type</dt><dd>${type}</dd>
<dt>Label</dt><dd>${label}</dd>
<dt>Access services</dt><dd>${services.length === 0 ? 'none lists it' : services.join(', ')}</dd>
<dt>Rules for roles</dt><dd>${rules === 0 ? 'none' : rules}</dd>
<dt>Users</dt><dd>${users}</dd>
<dt>Last sign-in</dt><dd>${lastSignInAt === null ? 'never' : adminTime(lastSignInAt)}</dd>
${source.addresses.map(({ label: what, address }) => html`<dt>${what}</dt><dd><code>${address}</code></dd>\n`)}</dl>
${metadata === null ? null : html`<p><a href="${metadata}">Our metadata<span class="quiet"> for ${name}</span></a></p>\n`}${testPart(source)}</section>
`;
}

function testPart({ name, test }: IdentitySourceShown): Html {
  if (test.kind === 'link')
    return html`<p class="buttons"><a class="button" href="${test.href}">Test<span class="quiet"> ${name}</span></a></p>`;
  return html`<form method="post" action="${test.action}">${formTokenField(test.formToken)}<input type="hidden" name="source" value="${name}">
${field({ name: 'user', id: `${name}-user`, label: 'User name', required: true, maxLength: 200 })}${field({ name: 'password', id: `${name}-password`, label: 'Password', type: 'password', required: true })}<p class="buttons"><button type="submit">Test<span class="quiet"> ${name}</span></button></p></form>`;
}
