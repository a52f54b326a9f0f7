import { html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { renderAdminForm } from '../document.ts';
import { errorSummary, field } from '../parts.ts';
import { PASSKEY_SCRIPTS, type PasskeyAsked, passkeyForm } from '../passkey-form.ts';

export interface SecondFactorPage {
  readonly base: string;
  readonly userName: string;
  /** Where the form is posted to, query included. Fields: `code`, or `passkey` and `challenge`; `form-token`. */
  readonly action: string;
  readonly formToken: string;
  readonly error: string | null;
  readonly hasApp: boolean;
  /** Null where the administrator has no passkey. */
  readonly passkey: PasskeyAsked | null;
  /** The address of the sign-in. */
  readonly again: string;
}

/** The second step of a sign-in. */
export function secondFactorPage(page: SecondFactorPage): string {
  const title = 'Your second factor';
  const { action, formToken, passkey } = page;
  return renderAdminForm(page.base, {
    title: page.error === null ? title : `Error: ${title}`,
    scripts: passkey === null ? [] : PASSKEY_SCRIPTS,
    main: html`<h1>${title}</h1>
<p>You are signing in as <strong>${page.userName}</strong>. One more proof is asked for.</p>
${errorSummary(page.error === null ? [] : [{ field: 'code', sentence: page.error }])}${passkey === null ? null : passkeyForm({ action, formToken, asks: 'request', asked: passkey, button: 'Use your passkey' })}<form method="post" action="${action}">
${formTokenField(formToken)}
${field({
  name: 'code',
  label: page.hasApp ? 'Code of your app' : 'A recovery code',
  hint: page.hasApp ? 'Six digits. A recovery code does too; each works once.' : 'Each works once.',
  autocomplete: 'one-time-code',
  required: true,
  autofocus: passkey === null,
  maxLength: 40,
})}<p class="buttons"><button type="submit" class="primary">Sign in</button></p>
</form>
<p><a href="${page.again}">Sign in as somebody else</a></p>`,
  });
}
