import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_CHARACTERS } from '../../domain/new-password.ts';
import { type PageFrame, renderDocument } from '../document.ts';
import { html } from '../html.ts';
import { fill, interfaceLanguage, textsIn } from '../texts.ts';
import { formTokenField, hostOf } from './access-frame.ts';

export interface SetPasswordPage extends PageFrame {
  /** What brought the person here. */
  readonly kind: 'invitation' | 'reset';
  readonly userName: string;
  /** Where the form is posted to. Fields: `password`, `again`, `form-token`. */
  readonly action: string;
  readonly formToken: string;
  /** Why what was typed is not accepted, as a sentence; null on the first visit. */
  readonly error: string | null;
}

/** Asks a person whom a link was made for to set a password. */
export function setPasswordPage(page: SetPasswordPage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  const heading = page.kind === 'invitation' ? t.invitationHeading : t.resetHeading;
  const text = page.kind === 'invitation' ? t.invitationText : t.resetText;
  const wrong = page.error === null ? null : html` aria-invalid="true" aria-describedby="password-hint password-error"`;
  return renderDocument(page, {
    kind: 'form',
    title: page.error === null ? heading : `${t.setPasswordError} ${heading}`,
    main: html`<h1>${heading}</h1>
<p>${fill(text, { user: page.userName, host: hostOf(page.base) })}</p>
${page.error === null ? null : html`<p class="error" id="password-error" role="alert"><strong>${t.setPasswordError}</strong> ${page.error}</p>`}
<form method="post" action="${page.action}">
${formTokenField(page.formToken)}
<p class="field"><label for="user">${t.userLabel}</label>
<input id="user" type="text" value="${page.userName}" readonly autocomplete="username"></p>
<p class="field"><label for="password">${t.newPasswordLabel}</label>
<span class="hint" id="password-hint">${fill(t.newPasswordHint, { count: MIN_PASSWORD_CHARACTERS })}</span>
<input id="password" name="password" type="password" required autofocus autocomplete="new-password" maxlength="${MAX_PASSWORD_LENGTH}"${wrong ?? html` aria-describedby="password-hint"`}></p>
<p class="field"><label for="again">${t.newPasswordAgainLabel}</label>
<input id="again" name="again" type="password" required autocomplete="new-password" maxlength="${MAX_PASSWORD_LENGTH}"></p>
<p class="buttons"><button type="submit" class="primary">${t.setPasswordButton}</button></p>
</form>`,
  });
}
