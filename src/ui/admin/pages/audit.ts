import { AUDIT_ACTIONS, type AuditEvent } from '../../../domain/audit.ts';
import { type Html, html } from '../../html.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, errorSummary, field, table } from '../parts.ts';

type Field = 'person' | 'action' | 'item' | 'address' | 'from' | 'until';

export interface AuditPageShown {
  readonly typed: Readonly<Record<Field, string>>;
  readonly mistakes: ReadonlyArray<{ readonly field: Field; readonly sentence: string }>;
  /** Newest first. */
  readonly events: readonly AuditEvent[];
  /** The address of this page with a search for these alone. */
  readonly addressOf: (only: Partial<Record<Field, string>>) => string;
  /** Back to the newest; null where these are. */
  readonly newest: string | null;
  readonly older: string | null;
  readonly exports: { readonly csv: string; readonly jsonl: string };
}

/** What happened. */
export function auditPage(frame: AdminFrame, shown: AuditPageShown): string {
  const title = 'Audit';
  return renderAdmin(frame, {
    title: shown.mistakes.length === 0 ? title : `Error: ${title}`,
    section: 'audit',
    main: html`<h1>${title}</h1>
${errorSummary(shown.mistakes)}${searchForm(shown)}
${shown.mistakes.length === 0 ? found(shown) : null}`,
  });
}

function found(shown: AuditPageShown): Html {
  return html`${shown.events.length === 0 ? html`<p class="hint">Nothing was found.</p>` : eventTable(shown)}
<p class="buttons">${shown.newest === null ? null : html`<a href="${shown.newest}">Newest</a>`}
${shown.older === null ? null : html`<a href="${shown.older}" rel="next">Older</a>`}</p>
<p>Everything that this search finds, as <a href="${shown.exports.csv}">CSV</a> or as <a href="${shown.exports.jsonl}">JSON lines</a>.</p>`;
}

function searchForm({ typed, mistakes, addressOf }: AuditPageShown): Html {
  const errorOf = (name: Field) => mistakes.find((mistake) => mistake.field === name)?.sentence ?? null;
  const time = (name: 'from' | 'until', label: string) =>
    field({ name, label, type: 'datetime-local', value: typed[name], error: errorOf(name) });
  const wrong = errorOf('action');
  return html`<form method="get" action="${addressOf({})}" class="search">
${field({ name: 'person', label: 'Person', type: 'search', value: typed.person, hint: 'Who did it, or to whom.' })}<div class="field"><label for="action">Action</label>
${wrong === null ? null : html`<p class="wrong" id="action-error">${wrong}</p>\n`}<select id="action" name="action"${wrong === null ? null : html` aria-invalid="true" aria-describedby="action-error"`}><option value="">Any</option>
${Object.entries(AUDIT_ACTIONS).map(([action, { words }]) => html`<option value="${action}"${action === typed.action ? html` selected` : null}>${words}</option>\n`)}</select></div>
${field({ name: 'item', label: 'Item', type: 'search', value: typed.item, hint: 'Its path. With a slash at the end, a folder.' })}${field({ name: 'address', label: 'Address', type: 'search', value: typed.address, hint: 'From where, such as 192.0.2.7.' })}${time('from', 'From, in UTC')}${time('until', 'Until, in UTC')}<p class="buttons"><button type="submit" class="primary">Search</button> <a href="${addressOf({})}">Everything</a></p>
</form>`;
}

function eventTable(shown: AuditPageShown): Html {
  const rows = shown.events.map(
    (event) => html`<tr><th scope="row">${adminTime(event.at)}</th>
<td>${who(event, shown)}</td><td>${what(event, shown)}</td>
<td>${event.address === null ? null : html`<a href="${shown.addressOf({ address: event.address })}">${event.address}</a>`}</td>
<td>${event.rule}</td></tr>
`,
  );
  return table('Events', ['When', 'Who', 'What', 'From', 'Rule'], rows);
}

function who({ actor, via }: AuditEvent, shown: AuditPageShown): Html {
  const named = actor === null ? null : html`<a href="${shown.addressOf({ person: actor })}"><bdi>${actor}</bdi></a>`;
  if (via === 'command line') return html`${named}${named === null ? null : ', '}command line`;
  return html`${named ?? html`<span class="hint">nobody known</span>`}${via === 'api' ? ', by script' : null}`;
}

/** The event in words, with what else there is to say below it. */
function what(event: AuditEvent, shown: AuditPageShown): Html {
  const more = [event.service === null ? null : `service ${event.service}`, event.detail].filter((part) => part !== null && part !== '');
  const item = event.item === null ? null : html` <a href="${shown.addressOf({ item: event.item })}"><bdi>${event.item}</bdi></a>`;
  return html`${AUDIT_ACTIONS[event.action].words}${target(event, shown)}${item}${more.length === 0 ? null : html`<br><span class="hint">${more.join('; ')}</span>`}`;
}

function target({ action, target: name }: AuditEvent, shown: AuditPageShown): Html | null {
  const kind = AUDIT_ACTIONS[action].target;
  if (name === null) return kind === 'person' ? html` somebody who is no user` : null;
  return kind === 'person' ? html` <a href="${shown.addressOf({ person: name })}"><bdi>${name}</bdi></a>` : html` <bdi>${name}</bdi>`;
}
