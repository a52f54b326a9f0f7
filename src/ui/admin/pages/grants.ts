import { isoGrantEnd, type ListedItemGrant, writeGrantEnd } from '../../../domain/item-grant.ts';
import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, errorSummary, field, table } from '../parts.ts';

export interface GrantListPage {
  readonly search: { readonly q: string; readonly item: string; readonly which: 'in-force' | 'soon' | 'ended' };
  readonly grants: readonly ListedItemGrant[];
  readonly typed: { readonly user: string; readonly items: string; readonly until: string; readonly note: string };
  readonly errors: ReadonlyArray<{ readonly field: 'new-user' | 'new-items' | 'new-until' | 'new-note'; readonly sentence: string }>;
  /** Where the form of a new one is posted to. */
  readonly action: string;
  readonly formToken: string;
}

const WHICH = { 'in-force': 'In force', soon: 'Ending within two weeks', ended: 'Ended' } as const;

/** `/admin/grants`: what people were granted beside the policies. */
export function grantListPage(frame: AdminFrame, shown: GrantListPage): string {
  const address = `${rootPath(frame.base)}/admin/grants`;
  return renderAdmin(frame, {
    title: 'Grants',
    section: 'grants',
    main: html`<h1>Grants</h1>
<p>These items for a person until a date, whatever the policies say of others.</p>
${errorSummary(shown.errors)}${searchForm(shown, address)}
${shown.grants.length === 0 ? html`<p class="hint">There are none.</p>` : grantTable(shown, address)}
${newForm(shown)}`,
  });
}

function searchForm({ search }: GrantListPage, address: string): Html {
  const options = Object.entries(WHICH).map(
    ([value, label]) => html`<option value="${value}"${value === search.which ? html` selected` : null}>${label}</option>`,
  );
  return html`<form method="get" action="${address}" class="search">
${field({ name: 'q', label: 'Search', type: 'search', value: search.q, hint: 'A part of a name, a pattern or a note.' })}${field({ name: 'item', label: 'Item', type: 'search', value: search.item, hint: 'The path of an item that they open.' })}<div class="field"><label for="which">Which</label>
<select id="which" name="which">${options}</select></div>
<p class="buttons"><button type="submit" class="primary">Search</button></p>
</form>`;
}

function grantTable({ grants }: GrantListPage, address: string): Html {
  const rows = grants.map(
    ({ id, userName, items, until, note, createdBy }) => html`<tr><th scope="row"><bdi>${userName}</bdi></th>
<td class="path">${items}</td><td>${writeGrantEnd(until, 'en')}</td><td>${note}</td><td>${createdBy ?? 'command line'}</td>
<td><a href="${address}/${id}">Change<span class="quiet"> the grant of ${items} to ${userName}</span></a></td></tr>
`,
  );
  return table('Grants', ['Who', 'Items', 'Until', 'Note', 'By', ''], rows);
}

function newForm({ typed, errors, action, formToken }: GrantListPage): Html {
  const errorOf = (name: GrantListPage['errors'][number]['field']) => errors.find((error) => error.field === name)?.sentence ?? null;
  return html`<section class="sheet"><h2>Grant something</h2>
<form method="post" action="${action}">${formTokenField(formToken)}
${field({ name: 'new-user', label: 'User', value: typed.user, required: true, hint: 'The name by which they sign in.', error: errorOf('new-user') })}${field({ name: 'new-items', label: 'Items', value: typed.items, required: true, hint: html`A path, or a pattern as in the access file: <code>letters/1890/**</code>`, error: errorOf('new-items') })}${field({ name: 'new-until', label: 'Until', type: 'date', value: typed.until, required: true, hint: 'The last day. It counts to its end, in UTC.', error: errorOf('new-until') })}${field({ name: 'new-note', label: 'Note', value: typed.note, hint: 'For administrators.', error: errorOf('new-note') })}<p class="buttons"><button type="submit" class="primary">Grant</button></p>
</form></section>`;
}

export interface GrantDetailPage {
  readonly grant: ListedItemGrant;
  readonly isInForce: boolean;
  readonly until: string;
  readonly error: string | null;
  readonly actions: { readonly change: string; readonly end: string };
  readonly formToken: string;
}

/** `/admin/grants/{id}` */
export function grantDetailPage(frame: AdminFrame, shown: GrantDetailPage): string {
  const { grant, error, actions, formToken } = shown;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(isoGrantEnd(grant.until));
  return renderAdmin(frame, {
    title: `Grant to ${grant.userName}`,
    section: 'grants',
    main: html`<h1>Grant to <bdi>${grant.userName}</bdi></h1>
${errorSummary(error === null ? [] : [{ field: 'until', sentence: error }])}<dl class="times">
<dt>Items</dt><dd class="path">${grant.items}</dd>
<dt>Until</dt><dd>${writeGrantEnd(grant.until, 'en')}${shown.isInForce ? null : ' (ended)'}</dd>
<dt>Granted</dt><dd>${adminTime(grant.createdAt)}, ${grant.createdBy === null ? 'at the command line' : `by ${grant.createdBy}`}</dd>
<dt>Note</dt><dd>${grant.note ?? 'none'}</dd>
</dl>
<section class="sheet"><h2>Another date</h2>
<form method="post" action="${actions.change}">${formTokenField(formToken)}
${field({ name: 'until', label: 'Until', type: isDay ? 'date' : 'text', value: shown.until, required: true, hint: 'The last day. It counts to its end, in UTC.', error })}<p class="buttons"><button type="submit" class="primary">Change</button></p>
</form></section>
<section class="sheet"><h2>End it</h2>
<p>It counts for nothing from then on, also for tiles that a browser has kept.</p>
<form method="post" action="${actions.end}">${formTokenField(formToken)}<button type="submit" class="danger">End now</button></form></section>
<p><a href="${rootPath(frame.base)}/admin/grants">All grants</a></p>`,
  });
}
