import { rootPath } from '../../document.ts';
import { html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { qrCode } from '../../qr-code.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { errorSummary, field } from '../parts.ts';
import { PASSKEY_SCRIPTS, type PasskeyAsked, passkeyForm } from '../passkey-form.ts';

export interface AddAppPage {
  /** Where the form is posted to. Fields: `sealed`, `code`, `name`. */
  readonly action: string;
  readonly formToken: string;
  /** Base32. */
  readonly secret: string;
  readonly uri: string;
  readonly sealed: string;
  readonly name: string;
  readonly error: string | null;
}

/** One-time codes of an app: a QR code, and the first code as a proof. */
export function addAppPage(frame: AdminFrame, shown: AddAppPage): string {
  const title = 'Add an app';
  return renderAdmin(frame, {
    title: shown.error === null ? title : `Error: ${title}`,
    section: 'you',
    main: html`<h1>${title}</h1>
<p>Any app for one-time codes will do. Take a picture of this with it, and type the code that it shows.</p>
${qrCode(shown.uri, 'QR code with the key, for the app')}
<p class="hint">Without a camera, type the key: <code class="key">${shown.secret.replaceAll(/.{4}(?=.)/g, '$& ')}</code></p>
${errorSummary(shown.error === null ? [] : [{ field: 'code', sentence: shown.error }])}<form method="post" action="${shown.action}" class="sheet">
${formTokenField(shown.formToken)}
<input type="hidden" name="sealed" value="${shown.sealed}">
${field({ name: 'code', label: 'Code of the app', hint: 'Six digits.', autocomplete: 'one-time-code', required: true, autofocus: true, maxLength: 10, error: shown.error })}${field({ name: 'name', label: 'What you call it', hint: 'To tell it from others, such as the phone that it is on.', value: shown.name, maxLength: 60 })}<p class="buttons"><button type="submit" class="primary">Add the app</button></p>
</form>`,
  });
}

export interface AddPasskeyPage {
  /** Where the answer is posted to. Fields: `passkey`, `challenge`, `name`. */
  readonly action: string;
  readonly formToken: string;
  readonly asked: PasskeyAsked;
  readonly name: string;
  readonly error: string | null;
}

export function addPasskeyPage(frame: AdminFrame, { action, formToken, asked, name, error }: AddPasskeyPage): string {
  const title = 'Add a passkey';
  return renderAdmin(frame, {
    title: error === null ? title : `Error: ${title}`,
    section: 'you',
    scripts: PASSKEY_SCRIPTS,
    main: html`<h1>${title}</h1>
<p>A passkey is kept by this device, by a password manager or by a security key, and works on this site alone. One that checks who you are, by a finger or a PIN, lets you sign in without the password.</p>
${errorSummary(error === null ? [] : [{ field: null, sentence: error }])}${passkeyForm({
  action,
  formToken,
  asks: 'registration',
  asked,
  inside: field({ name: 'name', label: 'What you call it', hint: 'To tell it from others.', value: name, maxLength: 60 }),
  button: 'Add a passkey',
})}`,
  });
}

/** Recovery codes, shown this once. */
export function recoveryCodesPage(frame: AdminFrame, codes: readonly string[]): string {
  return renderAdmin(frame, {
    title: 'Recovery codes',
    section: 'you',
    main: html`<h1>Your recovery codes</h1>
<p>Each of them lets you in once, with your password, should you lose your second factor. They are shown this once: write them down, or print this page, and keep them where your phone is not.</p>
<ul class="codes">
${codes.map((code) => html`<li><code>${code}</code></li>\n`)}</ul>
<p><a class="button" href="${rootPath(frame.base)}/admin/you">I have kept them</a></p>`,
  });
}
