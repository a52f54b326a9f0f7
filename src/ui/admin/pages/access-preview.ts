import { type AccessChange, type VisitorChanges, writeAccessChange } from '../../../domain/compare-access.ts';
import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { textDifference } from './access-diff.ts';
import { type AccessEditor, accessEditor } from './access-editor.ts';

export interface AccessPreviewPage {
  readonly services: readonly string[];
  readonly visitors: readonly VisitorChanges[];
  /** Items that were looked at, and whether these were all. */
  readonly items: number;
  readonly complete: boolean;
  /** The text on the server. */
  readonly before: string;
  /** What came in between; null where nothing did. */
  readonly notice: string | null;
  readonly editor: AccessEditor;
}

/** What would change, before it is saved. */
export function accessPreviewPage(frame: AdminFrame, shown: AccessPreviewPage): string {
  const { editor, before } = shown;
  return renderAdmin(frame, {
    title: 'Preview of the access file',
    section: 'access',
    scripts: ['edit-access.js'],
    main: html`<h1>What would change</h1>
${shown.notice === null ? null : html`<p class="error" role="alert">${shown.notice}</p>\n`}<p>Nothing is saved yet. <a href="${rootPath(frame.base)}/admin/access">Leave it as it is</a></p>
<section><h2 id="visitors">Who gains, and who loses</h2>
<p class="hint">${sayLookedAt(shown)}</p>
${visitorTable(shown.visitors)}</section>
${
  shown.services.length === 0
    ? null
    : html`<section><h2 id="services">Access services</h2>
<ul>
${shown.services.map((sentence) => html`<li>${sentence}</li>\n`)}</ul></section>
`
}<section aria-labelledby="difference"><h2 id="difference">In the text</h2>
${textDifference(before, editor.text, 'The difference')}</section>
<section aria-labelledby="edit"><h2 id="edit">Save, or go on editing</h2>
${accessEditor(editor)}</section>`,
  });
}

function sayLookedAt({ items, complete }: AccessPreviewPage): string {
  const judged = 'as both texts judge them, now and at each date that one of them names';
  if (complete) return `Looked at ${items === 1 ? 'the 1 item' : `all ${items} items`}, ${judged}.`;
  return `A sample: looked at ${items} items, some of each folder, ${judged}. There are more, of which the numbers below know nothing.`;
}

function visitorTable(visitors: readonly VisitorChanges[]): Html {
  if (visitors.length === 0) return html`<p><strong>Nobody gains or loses anything.</strong></p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="visitors"><table>
<thead><tr><th scope="col">Who</th><th scope="col">What</th></tr></thead>
<tbody>
${visitors.map(({ who, changes }) => html`<tr><th scope="row">${who}</th><td><ul class="changes">${changes.map(change)}</ul></td></tr>\n`)}</tbody></table></div>
`;
}

function change(each: AccessChange): Html {
  return html`<li class="${each.direction}">${writeAccessChange(each)}</li>`;
}
