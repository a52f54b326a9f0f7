import { html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { renderAdminForm } from '../document.ts';
import { errorSummary, field } from '../parts.ts';
import { PASSKEY_SCRIPTS, type PasskeyAsked, passkeyForm } from '../passkey-form.ts';

export interface AdminSignInPage {
  readonly base: string;
  /** Where the form is posted to, query included. Fields: `user`, `password`, `form-token`. */
  readonly action: string;
  readonly formToken: string;
  /** Why the last attempt failed, as a sentence; null on the first. */
  readonly error: string | null;
  readonly userName: string;
  /** Sources outside, where there are some. */
  readonly elsewhere: ReadonlyArray<{ readonly label: string; readonly href: string }>;
  /** For those who sign in by a passkey alone. */
  readonly passkey: { readonly action: string; readonly asked: PasskeyAsked };
}

export function adminSignInPage(page: AdminSignInPage): string {
  const title = 'Sign in to the administration';
  const isFirst = page.userName === '';
  return renderAdminForm(page.base, {
    scripts: PASSKEY_SCRIPTS,
    title: page.error === null ? title : `Error: ${title}`,
    main: html`<h1>${title}</h1>
${errorSummary(page.error === null ? [] : [{ field: isFirst ? 'user' : 'password', sentence: page.error }])}<form method="post" action="${page.action}">
${formTokenField(page.formToken)}
${field({ name: 'user', label: 'User name', value: page.userName, autocomplete: 'username', required: true, autofocus: isFirst, maxLength: 200 })}${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', required: true, autofocus: !isFirst })}<p class="buttons"><button type="submit" class="primary">Sign in</button></p>
</form>
${page.elsewhere.length === 0 ? null : html`<p class="buttons">${page.elsewhere.map(({ label, href }) => html`<a class="button second" href="${href}">${label}</a>\n`)}</p>`}
${passkeyForm({ action: page.passkey.action, formToken: page.formToken, asks: 'request', asked: page.passkey.asked, button: 'Sign in with a passkey' })}`,
  });
}
