import type { RequestDecision } from '../../domain/access-request.ts';
import { writeGrantEnd } from '../../domain/item-grant.ts';
import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { type Html, html } from '../html.ts';
import { fill, interfaceLanguage, type Language, textsIn } from '../texts.ts';
import { formTokenField } from './access-frame.ts';
import { type RequestTexts, requestTextsIn } from './request-texts.ts';

export interface RequestsPage extends PageFrame {
  readonly now: Date;
  /** What was just done; null for nothing. */
  readonly done: 'made' | 'withdrawn' | null;
  /** Where the forms are posted to. Fields: `withdraw`, `form-token`. */
  readonly action: string;
  readonly formToken: string;
  readonly requests: readonly ShownRequest[];
  /** In force. */
  readonly grants: ReadonlyArray<{ readonly items: string; readonly until: Date }>;
}

export interface ShownRequest {
  readonly id: string;
  readonly title: string;
  /** Of the item's page; null where there is none any more. */
  readonly link: string | null;
  readonly reason: string;
  readonly madeAt: Date;
  readonly decision: RequestDecision | null;
}

/** `/requests`: what somebody asked for, with the answers, and what they were granted. */
export function requestsPage(page: RequestsPage): string {
  const language = interfaceLanguage(page.lang);
  const [t, r] = [textsIn(language), requestTextsIn(language)];
  return renderDocument(page, {
    kind: 'form',
    title: r.listHeading,
    main: html`<h1>${r.listHeading}</h1>
${page.done === null ? null : html`<p class="note" role="status">${page.done === 'made' ? r.made : r.withdrawnNow}</p>\n`}${
  page.requests.length === 0
    ? html`<p class="hint">${r.none}</p>`
    : html`<ul class="parts">\n${page.requests.map((request) => entry(request, page, language))}</ul>`
}
${page.grants.length === 0 ? null : grants(page, language, r)}
<p><a href="${rootPath(page.base)}/">${t.backHome}</a></p>`,
  });
}

function entry(request: ShownRequest, page: RequestsPage, language: Language): Html {
  const r = requestTextsIn(language);
  const title = html`<strong><bdi>${request.title}</bdi></strong>`;
  const answer = request.decision === null || request.decision.kind === 'withdrawn' ? null : request.decision.answer;
  return html`<li><p>${request.link === null ? title : html`<a href="${request.link}">${title}</a>`}<br>
${stateOf(request.decision, page.now, language, r)}<br>
${fill(r.madeAt, { date: day(request.madeAt, language) })}. ${r.yourReason} ${request.reason}${answer === null ? null : html`<br>\n<strong>${r.answer}</strong> ${answer}`}</p>
${request.decision === null ? withdrawButton(request, page, r) : null}</li>
`;
}

function withdrawButton({ id, title }: ShownRequest, { action, formToken }: RequestsPage, r: RequestTexts): Html {
  return html`<form method="post" action="${action}">${formTokenField(formToken)}<button type="submit" name="withdraw" value="${id}">${r.withdraw}<span class="quiet"> – ${title}</span></button></form>`;
}

function stateOf(decision: RequestDecision | null, now: Date, language: Language, r: RequestTexts): string {
  if (decision === null) return r.stateOpen;
  if (decision.kind === 'declined') return fill(r.stateDeclined, { date: day(decision.at, language) });
  if (decision.kind === 'withdrawn') return fill(r.stateWithdrawn, { date: day(decision.at, language) });
  return fill(now < decision.until ? r.stateGranted : r.stateEnded, { date: writeGrantEnd(decision.until, language) });
}

function grants({ grants: held }: RequestsPage, language: Language, r: RequestTexts): Html {
  return html`<h2>${r.grantsHeading}</h2>
<p class="hint">${r.grantsHint}</p>
<ul class="parts">
${held.map(({ items, until }) => html`<li><p><strong><bdi>${items}</bdi></strong><br>${fill(r.grantUntil, { date: writeGrantEnd(until, language) })}</p></li>\n`)}</ul>`;
}

function day(at: Date, language: Language): string {
  const locale = language === 'en' ? 'en-GB' : language;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
}
