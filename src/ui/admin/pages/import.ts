import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime, table } from '../parts.ts';

/** What is wrong with a line of the file. */
export interface LineMistake {
  readonly line: number;
  readonly sentence: string;
}

export interface ImportPage {
  /** Where the file is posted to. Field: `file`. */
  readonly action: string;
  readonly formToken: string;
  readonly limits: { readonly kilobytes: number; readonly people: number };
  /** Of the file that was sent before. */
  readonly mistakes: readonly LineMistake[];
}

/** `/admin/users/import` */
export function importPage(frame: AdminFrame, { action, formToken, limits, mistakes }: ImportPage): string {
  const title = 'Import users';
  return renderAdmin(frame, {
    title: mistakes.length === 0 ? title : `Error: ${title}`,
    section: 'users',
    main: html`<h1>${title}</h1>
${mistakesShown(mistakes)}<p>A CSV file in UTF-8 with the columns <code>name</code>, <code>email</code>, <code>roles</code> (with spaces between them) and <code>state</code> (<code>active</code>, <code>invited</code>, <code>disabled</code>). Only <code>name</code> must be there; what has no column stays as it is. Commas, semicolons and tabs are understood. At most ${limits.people} people and ${limits.kilobytes} kB.</p>
<p>People who are not there yet are added, and get an invitation each. Nobody is removed. First you see what each line would do.</p>
<form method="post" action="${action}" enctype="multipart/form-data" class="sheet">
${formTokenField(formToken)}
<p class="field"><label for="file">The file</label>
<input id="file" name="file" type="file" accept=".csv,text/csv" required></p>
<p class="buttons"><button type="submit" class="primary">Show what it would do</button></p>
</form>`,
  });
}

export interface ImportPlanPage {
  /** Where the plan is sent to be done. Fields: `csv`, `digest`. */
  readonly action: string;
  readonly formToken: string;
  readonly csv: string;
  readonly digest: string;
  /** Of people who change. */
  readonly lines: ReadonlyArray<{ readonly line: number; readonly name: string; readonly words: readonly string[] }>;
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  /** Whether people have changed since the plan was shown the last time. */
  readonly isOther: boolean;
}

/** What each line of a file would do. */
export function importPlanPage(frame: AdminFrame, shown: ImportPlanPage): string {
  const title = 'What the file would do';
  const { added, changed, same } = shown;
  const rows = shown.lines.map(
    ({ line, name, words }) => html`<tr><td>${line}</td><th scope="row">${name}</th><td>${words.join('; ')}</td></tr>\n`,
  );
  return renderAdmin(frame, {
    title,
    section: 'users',
    main: html`<h1>${title}</h1>
${shown.isOther ? html`<p class="error" role="alert">Somebody has changed these users since. Nothing was done; this is what the file would do now.</p>\n` : null}<p>Nothing is done yet. <strong>${added}</strong> would be added, <strong>${changed}</strong> changed, and ${same} stay as they are.</p>
${
  rows.length === 0
    ? html`<p><a href="${rootPath(frame.base)}/admin/users">All users</a></p>`
    : html`<form method="post" action="${shown.action}">
${formTokenField(shown.formToken)}
<input type="hidden" name="csv" value="${shown.csv}"><input type="hidden" name="digest" value="${shown.digest}">
<p class="buttons"><button type="submit" class="primary">Do exactly this</button> <a href="${rootPath(frame.base)}/admin/users/import">Take another file</a></p>
</form>
${table('What each line would do', ['Line', 'User', 'What it does'], rows)}`
}`,
  });
}

export interface ImportedPage {
  readonly added: number;
  readonly changed: number;
  readonly invitations: ReadonlyArray<{
    readonly name: string;
    readonly email: string | null;
    readonly link: string;
    readonly endsAt: Date;
  }>;
  readonly mistakes: readonly LineMistake[];
}

/** What was done, and links for those who were added: shown this once. */
export function importedPage(frame: AdminFrame, { added, changed, invitations, mistakes }: ImportedPage): string {
  const title = 'The file is imported';
  const rows = invitations.map(
    ({ name, email, link, endsAt }) =>
      html`<tr><th scope="row">${name}</th><td>${email}</td><td><code>${link}</code></td><td>${adminTime(endsAt)}</td></tr>\n`,
  );
  return renderAdmin(frame, {
    title,
    section: 'users',
    main: html`<h1>${title}</h1>
${mistakesShown(mistakes)}<p><strong>${added}</strong> added, <strong>${changed}</strong> changed.</p>
${
  rows.length === 0
    ? null
    : html`<h2>Invitations</h2>
<p>Hand each person their link: whoever opens it sets the password of that account, once. The links are shown only now; you can make others on the page of a user.</p>
${table('Invitations', ['User', 'E-mail', 'Link', 'Good until'], rows)}`
}<p><a href="${rootPath(frame.base)}/admin/users">All users</a></p>`,
  });
}

function mistakesShown(mistakes: readonly LineMistake[]): Html | null {
  if (mistakes.length === 0) return null;
  const most = 100;
  return html`<div class="error" role="alert"><strong>Not done, because of these lines:</strong>
<ul>${mistakes.slice(0, most).map(({ line, sentence }) => html`<li>Line ${line}: ${sentence}</li>\n`)}${mistakes.length > most ? html`<li>and ${mistakes.length - most} more</li>` : null}</ul></div>
`;
}
