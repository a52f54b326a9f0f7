import { type Html, html } from '../../html.ts';
import { formTokenField } from '../../pages/access-frame.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { errorSummary, field } from '../parts.ts';
import { PASSKEY_SCRIPTS, type PasskeyAsked, passkeyForm } from '../passkey-form.ts';

/** Before the names of the fields of the proof; all others belong to the form that waits. */
export const CONFIRM_PREFIX = 'confirm-';
export const CONFIRM_FIELDS: ReadonlySet<string> = new Set(
  ['password', 'code', 'passkey', 'challenge'].map((name) => CONFIRM_PREFIX + name),
);

export interface ConfirmPage {
  /** Where the form that waits is posted to, query included. */
  readonly action: string;
  readonly formToken: string;
  /** What was typed into it. */
  readonly carried: ReadonlyArray<readonly [name: string, value: string]>;
  readonly error: string | null;
  readonly hasPassword: boolean;
  readonly hasApp: boolean;
  readonly passkey: PasskeyAsked | null;
}

/** Asks an administrator to prove again who it is, before something that matters. */
export function confirmPage(frame: AdminFrame, shown: ConfirmPage): string {
  const title = 'Confirm that it is you';
  const { action, formToken, passkey, error } = shown;
  const carried = shown.carried.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`);
  const cannot = !shown.hasPassword && !shown.hasApp && passkey === null;
  return renderAdmin(frame, {
    title: error === null ? title : `Error: ${title}`,
    section: null,
    scripts: passkey === null ? [] : PASSKEY_SCRIPTS,
    main: html`<h1>${title}</h1>
<p>You signed in a while ago, and what you are about to do matters. ${cannot ? 'Please sign out, sign in again, and do it then.' : 'Nothing that you typed before is lost.'}</p>
${errorSummary(error === null ? [] : [{ field: null, sentence: error }])}${passkey === null ? null : passkeyForm({ action, formToken, asks: 'request', asked: passkey, inside: carried, prefix: CONFIRM_PREFIX, button: 'Use your passkey' })}${shown.hasPassword ? proofForm(shown, carried, 'password') : null}${shown.hasApp ? proofForm(shown, carried, 'code') : null}`,
  });
}

function proofForm({ action, formToken, hasPassword }: ConfirmPage, carried: readonly Html[], kind: 'password' | 'code'): Html {
  const name = CONFIRM_PREFIX + kind;
  const shown =
    kind === 'password'
      ? field({ name, label: 'Your password', type: 'password', autocomplete: 'current-password', required: true, autofocus: true })
      : field({
          name,
          label: hasPassword ? 'Or a code of your app' : 'A code of your app',
          autocomplete: 'one-time-code',
          required: true,
          maxLength: 40,
        });
  return html`<form method="post" action="${action}" class="sheet">
${formTokenField(formToken)}
${carried}${shown}<p class="buttons"><button type="submit" class="primary">Go on<span class="quiet"> with ${kind === 'password' ? 'the password' : 'the code'}</span></button></p>
</form>
`;
}
