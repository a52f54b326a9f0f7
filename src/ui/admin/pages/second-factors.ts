import type { SecondFactor } from '../../../domain/second-factor.ts';
import type { UserId } from '../../../domain/session.ts';
import { type Content, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { table } from '../parts.ts';

export interface SecondFactorsPage {
  readonly rows: ReadonlyArray<{
    readonly id: UserId;
    readonly name: string;
    readonly isOwn: boolean;
    readonly factors: readonly SecondFactor[];
    readonly recoveryCodes: number;
  }>;
  /** Where the form of a row is posted to. Field: `user`. */
  readonly action: string;
  readonly formToken: string;
  /** The administrator's own account. */
  readonly ownPath: string;
}

/** The second factors of all administrators. */
export function secondFactorsPage(frame: AdminFrame, { rows, action, formToken, ownPath }: SecondFactorsPage): string {
  const reset = (row: SecondFactorsPage['rows'][number]): Content => {
    if (row.isOwn) return html`<a href="${ownPath}">Your account</a>`;
    if (row.factors.length === 0) return null;
    return html`<form method="post" action="${action}">${formTokenField(formToken)}<button type="submit" name="user" value="${row.id}" class="small danger">Remove all<span class="quiet"> second factors of ${row.name}</span></button></form>`;
  };
  return renderAdmin(frame, {
    title: 'Second factors',
    section: null,
    main: html`<h1>Second factors of administrators</h1>
<p>Whoever has lost an app or a passkey, and the recovery codes too, needs you: remove all, and the next sign-in asks for the password alone. Make sure who asks you for it.</p>
${table(
  'Second factors of administrators',
  ['Administrator', 'Second factors', 'Recovery codes left', ''],
  rows.map(
    (
      row,
    ) => html`<tr><th scope="row">${row.name}</th><td>${inWords(row.factors)}</td><td>${row.factors.length === 0 ? null : row.recoveryCodes}</td><td>${reset(row)}</td></tr>
`,
  ),
)}`,
  });
}

function inWords(factors: readonly SecondFactor[]): string {
  if (factors.length === 0) return 'none';
  return factors.map(({ kind, name }) => `${name} (${kind === 'passkey' ? 'passkey' : 'one-time codes'})`).join(', ');
}
