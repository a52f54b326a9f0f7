import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, errorSummary, field, table } from '../parts.ts';
import { itemAddress, thumbnail, trail } from './items.ts';

export interface ItemPage {
  readonly path: string;
  readonly kind: string;
  readonly isImage: boolean;
  /** Who sees it. */
  readonly words: string;
  readonly policy: { readonly number: number; readonly line: number } | null;
  /** Where readers see it: names and addresses. */
  readonly pages: ReadonlyArray<readonly [label: string, address: string]>;
  /** Names of those to whom it was granted, beside the policies. */
  readonly granted: readonly string[];
  readonly asked: AskedShown;
  /** Null where what was asked for has mistakes. */
  readonly answer: WholeAnswer | null;
}

export interface AskedShown {
  readonly user: string;
  readonly roles: string;
  readonly address: string;
  readonly at: string;
  readonly services: readonly ChoiceShown[];
  readonly devices: readonly ChoiceShown[];
  /** Names of users, to choose from. */
  readonly users: readonly string[];
  readonly errors: ReadonlyArray<{ readonly field: 'user' | 'roles' | 'address' | 'at'; readonly sentence: string }>;
}

interface ChoiceShown {
  readonly name: string;
  readonly words: string;
  readonly chosen: boolean;
}

interface WholeAnswer {
  /** Who it is about: `keeper, at 192.0.2.7`. */
  readonly who: string;
  readonly at: Date;
  readonly parts: readonly PartAnswer[];
}

/** About the item, or one of its tiers. */
interface PartAnswer {
  readonly heading: string;
  readonly outcome: 'allowed' | 'access-needed' | 'refused';
  readonly sentences: readonly string[];
  readonly answers: ReadonlyArray<{
    readonly what: string;
    readonly uri: string;
    readonly status: number;
    readonly words: string;
    readonly location: string | null;
  }>;
}

/** Who can see an item, and why. */
export function itemPage(frame: AdminFrame, shown: ItemPage): string {
  const root = rootPath(frame.base);
  const name = shown.path.split('/').at(-1) ?? shown.path;
  return renderAdmin(frame, {
    title: shown.asked.errors.length > 0 ? `Error: ${name}` : name,
    section: 'items',
    main: html`${trail(shown.path.split('/').slice(0, -1).join('/'), root)}
<h1><bdi>${name}</bdi></h1>
${about(shown, root)}
<section><h2 id="who">Who can see this, and why</h2>
${askForm(shown, root)}</section>
${shown.answer === null ? null : whole(shown.answer)}`,
  });
}

function about(shown: ItemPage, root: string): Html {
  const { policy } = shown;
  return html`<div class="about-item">${shown.isImage ? thumbnail(root, shown.path) : null}<dl class="facts">
<dt>Kind</dt><dd>${shown.kind}</dd>
<dt>Who sees it</dt><dd>${shown.words}</dd>
<dt>Decided by</dt><dd>${policy === null ? 'no policy' : html`<a href="${root}/admin/access?line=${policy.line}#text">policy ${policy.number}, line ${policy.line}</a>`}</dd>
<dt>Granted to</dt><dd>${grantedTo(shown.granted)}</dd>
<dt>For readers</dt><dd>${shown.pages.map(([label, address], at) => html`${at === 0 ? null : ', '}<a href="${address}">${label}</a>`)}</dd>
</dl></div>`;
}

const NAMED_PEOPLE = 5;

function grantedTo(names: readonly string[]): string {
  if (names.length === 0) return 'nobody beside the policies';
  const more = names.length - NAMED_PEOPLE;
  return `${names.slice(0, NAMED_PEOPLE).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function askForm({ path, asked }: ItemPage, root: string): Html {
  const error = (name: string) => asked.errors.find((each) => each.field === name)?.sentence ?? null;
  return html`${errorSummary(asked.errors)}<form method="get" action="${root}/admin/items/at#answer" class="search">
<input type="hidden" name="path" value="${path}"><input type="hidden" name="asked" value="yes">
${userField(asked, error('user'))}${field({ name: 'roles', label: 'Or roles', value: asked.roles, hint: 'Of somebody without a name, with commas between them.', error: error('roles') })}${field({ name: 'address', label: 'At the address', value: asked.address, hint: 'Such as 192.0.2.7. Empty is nowhere in particular.', error: error('address') })}${field({ name: 'at', label: 'At the time', value: asked.at, hint: 'Such as 2027-01-31 or 2027-01-31T09:00+01:00. Empty is now.', error: error('at') })}
${choices('Has been through', 'service', asked.services)}${choices('At a device registered for', 'device', asked.devices)}
<p class="buttons"><button type="submit" class="primary">Ask</button> <a href="${itemAddress(root, path)}">Begin again</a></p>
</form>`;
}

function userField({ user, users }: AskedShown, error: string | null): Html {
  const described = `user-hint${error === null ? '' : ' user-error'}`;
  return html`<div class="field"><label for="user">User</label>
<p class="hint" id="user-hint">Empty is nobody in particular.</p>
${error === null ? null : html`<p class="wrong" id="user-error">${error}</p>\n`}<input id="user" name="user" type="text" list="users" value="${user}" autocomplete="off" maxlength="200" autocapitalize="none" spellcheck="false"${error === null ? null : html` aria-invalid="true"`} aria-describedby="${described}"><datalist id="users">${users.map((name) => html`<option value="${name}"></option>`)}</datalist></div>
`;
}

function choices(legend: string, name: string, shown: readonly ChoiceShown[]): Html | null {
  if (shown.length === 0) return null;
  return html`<fieldset class="choices choice-row"><legend>${legend}</legend>
${shown.map(
  (choice, at) =>
    html`<p class="choice"><input type="checkbox" id="${name}-${at}" name="${name}" value="${choice.name}"${choice.chosen ? html` checked` : null}><label for="${name}-${at}">${choice.name}<span class="hint">${choice.words === '' ? null : `, ${choice.words}`}</span></label></p>
`,
)}</fieldset>`;
}

function whole({ who, at, parts }: WholeAnswer): Html {
  return html`<section id="answer"><h2>The answer</h2>
<p>To ${who}, ${adminTime(at)}:</p>
${parts.map(part)}</section>`;
}

const OUTCOMES = { allowed: 'is seen', 'access-needed': 'is locked, and can be unlocked', refused: 'is not seen' } as const;

function part({ heading, outcome, sentences, answers }: PartAnswer): Html {
  const rows = answers.map(
    (
      each,
    ) => html`<tr><th scope="row">${each.what}</th><td>${each.status}</td><td>${each.words}${each.location === null ? null : html` <code class="address">${each.location}</code>`}</td>
<td><code class="address">${each.uri}</code></td></tr>
`,
  );
  return html`<h3 class="verdict ${outcome}">${heading} ${OUTCOMES[outcome]}</h3>
<ul>${sentences.map((sentence) => html`<li>${sentence}</li>\n`)}</ul>
${table(`Answers: ${heading}`, ['What', 'Status', 'Answer', 'Address'], rows)}`;
}
