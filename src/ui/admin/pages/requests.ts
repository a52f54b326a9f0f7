import type { ListedAccessRequest } from '../../../domain/access-request.ts';
import { writeGrantEnd } from '../../../domain/item-grant.ts';
import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, errorSummary, field, table } from '../parts.ts';

export interface RequestListPage {
  readonly state: 'open' | 'decided';
  readonly search: string;
  readonly openCount: number;
  readonly requests: readonly ListedAccessRequest[];
  /** Of the next ones; null where these are all. */
  readonly more: string | null;
}

/** `/admin/requests` */
export function requestListPage(frame: AdminFrame, shown: RequestListPage): string {
  const address = `${rootPath(frame.base)}/admin/requests`;
  const { state, search, openCount } = shown;
  const tab = (of: RequestListPage['state'], label: string) =>
    html`<li><a href="${address}${of === 'open' ? '' : '?state=decided'}"${of === state ? html` aria-current="page"` : null}>${label}</a></li>\n`;
  return renderAdmin(frame, {
    title: 'Requests',
    section: 'requests',
    main: html`<h1>Requests for access</h1>
<ul class="tabs">
${tab('open', `Open (${openCount})`)}${tab('decided', 'Decided')}</ul>
<form method="get" action="${address}" class="search">
${state === 'open' ? null : html`<input type="hidden" name="state" value="decided">`}${field({ name: 'q', label: 'Search', type: 'search', value: search, hint: 'A part of a name, an item or a reason.' })}<p class="buttons"><button type="submit" class="primary">Search</button></p>
</form>
${shown.requests.length === 0 ? html`<p class="hint">There are none. Readers can ask where a policy has <code>requests: true</code>.</p>` : state === 'open' ? openTable(shown, address) : decidedTable(shown, address)}
${shown.more === null ? null : html`<p class="buttons"><a href="${shown.more}" rel="next">More</a></p>`}`,
  });
}

function openTable({ requests }: RequestListPage, address: string): Html {
  const rows = requests.map(
    ({ id, userName, item, reason, madeAt }) => html`<tr><th scope="row"><bdi>${userName}</bdi></th>
<td class="path">${item}</td><td>${shorten(reason)}</td><td>${adminTime(madeAt)}</td>
<td><a href="${address}/${id}">Decide<span class="quiet"> the request of ${userName} for ${item}</span></a></td></tr>
`,
  );
  return table('Open requests', ['Who', 'Item', 'Reason', 'Since', ''], rows);
}

function decidedTable({ requests }: RequestListPage, address: string): Html {
  const rows = requests.map(
    (request) => html`<tr><th scope="row"><bdi>${request.userName}</bdi></th>
<td class="path"><a href="${address}/${request.id}">${request.item}</a></td><td>${stateOf(request)}</td>
<td>${request.decision === null ? null : adminTime(request.decision.at)}</td></tr>
`,
  );
  return table('Decided requests', ['Who', 'Item', 'What became of it', 'When'], rows);
}

function stateOf({ decision }: ListedAccessRequest): string {
  if (decision === null) return 'Open';
  if (decision.kind === 'withdrawn') return 'Withdrawn';
  if (decision.kind === 'declined') return `Declined by ${decision.by}`;
  return `Granted by ${decision.by}: ${decision.items} until ${writeGrantEnd(decision.until, 'en')}`;
}

function shorten(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 159)}…`;
}

export interface RequestDetailPage {
  readonly request: ListedAccessRequest;
  /** Of the item's page; null where there is no such item any more. */
  readonly itemPage: string | null;
  /** Who is told by mail; null for nobody. */
  readonly mailAddress: string | null;
  /** Patterns to choose from: the item, and folders that hold it. */
  readonly choices: ReadonlyArray<{ readonly items: string; readonly label: string }>;
  readonly typed: { readonly items: string; readonly until: string; readonly answer: string; readonly sentence: string };
  readonly errors: ReadonlyArray<{ readonly field: 'until' | 'answer' | 'sentence' | null; readonly sentence: string }>;
  /** Where forms are posted to. */
  readonly actions: { readonly grant: string; readonly decline: string };
  readonly formToken: string;
}

/** `/admin/requests/{id}` */
export function requestDetailPage(frame: AdminFrame, shown: RequestDetailPage): string {
  const { request } = shown;
  return renderAdmin(frame, {
    title: `Request of ${request.userName}`,
    section: 'requests',
    main: html`<h1>Request of <bdi>${request.userName}</bdi></h1>
${errorSummary(shown.errors)}<dl class="times">
<dt>Item</dt><dd class="path">${shown.itemPage === null ? request.item : html`<a href="${shown.itemPage}">${request.item}</a>`}</dd>
<dt>Asked</dt><dd>${adminTime(request.madeAt)}</dd>
<dt>Reason</dt><dd class="reason">${request.reason}</dd>
<dt>State</dt><dd>${stateOf(request)}</dd>${answerOf(request)}
</dl>
${request.decision === null ? decideForms(shown) : null}
<p><a href="${rootPath(frame.base)}/admin/requests">All requests</a></p>`,
  });
}

function answerOf({ decision }: ListedAccessRequest): Html | null {
  if (decision === null || decision.kind === 'withdrawn' || decision.answer === null) return null;
  return html`<dt>Answer</dt><dd class="reason">${decision.answer}</dd>`;
}

function decideForms(shown: RequestDetailPage): Html {
  const { typed, choices, actions, formToken } = shown;
  const told = shown.mailAddress === null ? 'They find it at “Your requests”.' : `They are told by mail too, at ${shown.mailAddress}.`;
  const errorOf = (name: 'until' | 'answer' | 'sentence') => shown.errors.find((error) => error.field === name)?.sentence ?? null;
  return html`<section class="sheet"><h2>Grant it</h2>
<form method="post" action="${actions.grant}">${formTokenField(formToken)}
<fieldset class="field"><legend>What</legend>
${choices.map(
  ({ items, label }, at) =>
    html`<p class="choice"><input type="radio" id="items-${at}" name="items" value="${items}"${items === typed.items ? html` checked` : null}><label for="items-${at}">${label} <code>${items}</code></label></p>\n`,
)}</fieldset>
${field({ name: 'until', label: 'Until', type: 'date', value: typed.until, required: true, hint: 'The last day. It counts to its end, in UTC.', error: errorOf('until') })}${field({ name: 'answer', label: 'A word to them', value: typed.answer, hint: `May be left out. ${told}`, maxLength: 2000, error: errorOf('answer') })}<p class="buttons"><button type="submit" class="primary">Grant</button></p>
</form></section>
<section class="sheet"><h2>Decline it</h2>
<form method="post" action="${actions.decline}">${formTokenField(formToken)}
${field({ name: 'sentence', label: 'Why', value: typed.sentence, required: true, hint: `A sentence to them. ${told}`, maxLength: 2000, error: errorOf('sentence') })}<p class="buttons"><button type="submit">Decline</button></p>
</form></section>`;
}
