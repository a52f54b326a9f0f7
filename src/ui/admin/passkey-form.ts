import { type Content, type Html, html, jsonBlock } from '../html.ts';
import { formTokenField } from '../pages/access-frame.ts';

/** The scripts of a page with such a form. */
export const PASSKEY_SCRIPTS = ['vendor/@simplewebauthn/browser/index.umd.min.js', 'use-passkey.js'] as const;

/** What a browser is asked for a passkey with, as `Passkeys` made it, and what must come back with the answer. */
export interface PasskeyAsked {
  readonly options: object;
  readonly challenge: string;
}

export interface PasskeyForm {
  /** Where the answer is posted to. Fields: `passkey`, `challenge`, `form-token`, and those inside. */
  readonly action: string;
  readonly formToken: string;
  readonly asks: 'registration' | 'request';
  readonly asked: PasskeyAsked;
  readonly inside?: Content;
  readonly button: string;
  /** Before the names of the fields, where a form has others of the same name. */
  readonly prefix?: string;
}

/** A form that the script `use-passkey.js` shows where the browser knows passkeys, and sends with the answer of one. */
export function passkeyForm({ action, formToken, asks, asked, inside, button, prefix = '' }: PasskeyForm): Html {
  return html`<form method="post" action="${action}" class="sheet" data-passkey="${asks}" hidden>
${formTokenField(formToken)}
${inside}<input type="hidden" name="${prefix}challenge" value="${asked.challenge}"><input type="hidden" name="${prefix}passkey" data-answer>
<p class="buttons"><button type="submit">${button}</button></p>
<p class="wrong" role="alert" data-failed hidden>The browser got no answer from a passkey. You can try again.</p>
</form>
${jsonBlock('passkey-options', asked.options)}
<noscript><p class="hint">Passkeys need JavaScript.</p></noscript>
`;
}
