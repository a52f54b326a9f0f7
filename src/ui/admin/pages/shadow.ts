import { LONGEST_SHADOW_DAYS } from '../../../domain/shadow.ts';
import { type LossesOf, type LossReport, MOST_LINES } from '../../../domain/sum-losses.ts';
import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, table } from '../parts.ts';

export interface ShadowPage {
  readonly report: LossReport;
  readonly formToken: string;
}

/** `/admin/shadow`: what the access file would keep from whom. */
export function shadowPage(frame: AdminFrame, { report, formToken }: ShadowPage): string {
  return renderAdmin(frame, {
    title: 'Shadow mode',
    section: 'shadow',
    main: html`<h1>Shadow mode</h1>
<p class="hint">While it lasts, everybody sees everything, and what the access file would have kept from whom is counted: a visitor with an item, once in ten minutes. It is switched on by the option shadowUntil, for ${LONGEST_SHADOW_DAYS} days at most, and ends by itself.${frame.shadowUntil === null ? ' It is off.' : null}</p>
${report.first === null || report.last === null ? html`<p>Nothing was counted.</p>` : counted(report, report.first, report.last, clearing(frame, formToken))}`,
  });
}

function counted(report: LossReport, first: Date, last: Date, form: Html): Html {
  const asked = report.visits - report.refused;
  return html`<p>Of all visits between ${adminTime(first)} and ${adminTime(last)}, <strong>${asked}</strong> would have been asked to sign in, agree or come elsewhere first, and <strong>${report.refused}</strong> refused.</p>
${losses('By rule', 'Rule', report.byRule)}
${losses('By folder', 'Folder', report.byFolder)}
${losses('By visitor', 'Visitor', report.byWho)}
<p class="hint">Which people these were is in the audit, as “would have been refused”, for as long as the audit keeps names.</p>
${form}`;
}

function losses(heading: string, of: string, lines: readonly LossesOf[]): Html {
  const rows = lines.map(
    ({ name, visits, refused, example }) => html`<tr><th scope="row">${name === '' ? 'in no folder' : name}</th>
<td>${visits - refused}</td>
<td>${refused}</td>
<td>${example}</td></tr>
`,
  );
  return html`<section><h2>${heading}</h2>
${lines.length < MOST_LINES ? null : html`<p class="hint">The ${MOST_LINES} with most visits.</p>`}${table(heading, [of, 'Asked first', 'Refused', 'For example'], rows)}</section>`;
}

function clearing(frame: AdminFrame, formToken: string): Html {
  return html`<form method="post" action="${rootPath(frame.base)}/admin/shadow">${formTokenField(formToken)}<button type="submit" class="small">Count from nothing again</button></form>`;
}
