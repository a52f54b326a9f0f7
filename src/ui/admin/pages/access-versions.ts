import type { AccessVersion } from '../../../domain/access-file.ts';
import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime } from '../parts.ts';
import { textDifference } from './access-diff.ts';

export interface AccessVersionsPage {
  readonly versions: readonly AccessVersion[];
  /** Whether older ones follow. */
  readonly more: boolean;
}

/** Every version of the access file that was kept. */
export function accessVersionsPage(frame: AdminFrame, { versions, more }: AccessVersionsPage): string {
  const root = rootPath(frame.base);
  const oldest = versions.at(-1)?.number;
  return renderAdmin(frame, {
    title: 'Versions of the access file',
    section: 'access',
    main: html`<h1 id="versions">Versions of the access file</h1>
<p><a href="${root}/admin/access">Back to the access file</a></p>
${
  versions.length === 0
    ? html`<p class="hint">None is kept yet.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="versions"><table>
<thead><tr><th scope="col">Version</th><th scope="col">Since</th><th scope="col">By</th><th scope="col">What was said</th></tr></thead>
<tbody>
${versions.map((version) => html`<tr><th scope="row"><a href="${root}/admin/access/versions/${version.number}">Version ${version.number}</a></th><td>${adminTime(version.at)}</td><td>${byWhom(version)}</td><td>${version.comment}</td></tr>\n`)}</tbody></table></div>
`
}${more && oldest !== undefined ? html`<p><a href="${root}/admin/access/versions?before=${oldest}">Older versions</a></p>` : null}`,
  });
}

function byWhom({ by }: AccessVersion): string {
  return by ?? 'on the server';
}

export interface AccessVersionPage {
  readonly version: AccessVersion & { readonly text: string };
  /** With which it is compared; null where the version is the first. */
  readonly against: { readonly label: string; readonly text: string } | null;
  /** Other texts to compare it with. */
  readonly others: ReadonlyArray<{ readonly label: string; readonly query: string }>;
  /** Whether it is what lies on the server now. */
  readonly current: boolean;
  /** Where the button to bring it back leads: to the preview. Fields: `version`, `form-token`. */
  readonly action: string;
  readonly formToken: string;
}

export function accessVersionPage(frame: AdminFrame, shown: AccessVersionPage): string {
  const { version, against } = shown;
  const root = rootPath(frame.base);
  const title = `Version ${version.number} of the access file`;
  return renderAdmin(frame, {
    title,
    section: 'access',
    main: html`<h1>${title}</h1>
<p><a href="${root}/admin/access/versions">All versions</a></p>
<dl class="times"><dt>Since</dt><dd>${adminTime(version.at)}</dd><dt>By</dt><dd>${byWhom(version)}</dd>${version.comment === null ? null : html`<dt>What was said</dt><dd>${version.comment}</dd>`}</dl>
${shown.current ? html`<p>This is what lies on the server now.</p>` : bringBack(shown)}
${
  against === null
    ? null
    : html`<section aria-labelledby="difference"><h2 id="difference">What changed from ${against.label}</h2>
${textDifference(against.text, version.text, 'The difference')}</section>
`
}${shown.others.length === 0 ? null : html`<p>Compare it with ${shown.others.map(({ label, query }, at) => html`${at === 0 ? null : ', or with '}<a href="${root}/admin/access/versions/${version.number}?against=${query}">${label}</a>`)}</p>\n`}<section aria-labelledby="whole"><h2 id="whole">The whole text</h2>
<pre class="excerpt" tabindex="0" aria-labelledby="whole">${version.text}</pre></section>`,
  });
}

function bringBack({ version, action, formToken }: AccessVersionPage): Html {
  return html`<form method="post" action="${action}">${formTokenField(formToken)}<input type="hidden" name="version" value="${version.number}"><p class="buttons"><button type="submit">Bring it back: preview who gains and loses</button></p></form>`;
}
