import { type PageFrame, renderDocument } from '../document.ts';
import { html } from '../html.ts';
import { fill, interfaceLanguage, textsIn } from '../texts.ts';
import { formTokenField, hostOf, paragraphs, type ServiceTexts, serviceText } from './access-frame.ts';

/** Ways to sign in. */
export interface SignInChoices {
  /** Whether there is a form for name and password. */
  readonly takesPassword: boolean;
  /** Labels of sources outside that the form stands for too. */
  readonly accountsOf: readonly string[];
  /** Sources that the visitor is sent to. */
  readonly elsewhere: ReadonlyArray<{ readonly label: string; readonly href: string }>;
}

export interface SignInPage extends PageFrame {
  readonly choices: SignInChoices;
  readonly service: ServiceTexts;
  /** Where the form is posted to, query included. Fields: `user`, `password`, `form-token`. */
  readonly action: string;
  readonly formToken: string;
  /** Why the last attempt failed, as a sentence; null on the first. */
  readonly error: string | null;
  /** What was typed as the name before, or empty. */
  readonly userName: string;
  /** Null on our own pages. */
  readonly viewerOrigin: string | null;
  /** The account of the session, where there is one. */
  readonly signedInAs: string | null;
}

export function signInPage(page: SignInPage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  const heading = page.service.heading ?? page.service.label;
  const purpose =
    page.viewerOrigin === null
      ? fill(t.signInOwn, { host: hostOf(page.base) })
      : fill(t.signInFor, { host: hostOf(page.base), viewer: hostOf(page.viewerOrigin) });
  return renderDocument(page, {
    kind: 'form',
    title: `${page.error === null ? '' : `${t.errorPrefix} `}${heading}`,
    main: html`<h1>${serviceText(heading, page.lang)}</h1>
${page.service.note === null ? null : paragraphs(page.service.note, page.lang)}
${page.signedInAs === null ? null : html`<p class="hint">${fill(t.signedInNotEnough, { user: page.signedInAs })}</p>`}
${page.error === null ? null : html`<p class="error" id="sign-in-error" role="alert"><strong>${t.errorPrefix}</strong> ${page.error}</p>`}
${page.choices.takesPassword ? passwordForm(page) : null}
${elsewherePart(page)}
<p class="hint">${purpose}${page.viewerOrigin === null ? null : ` ${t.passwordHint}`}</p>`,
  });
}

function passwordForm(page: SignInPage) {
  const t = textsIn(interfaceLanguage(page.lang));
  const { accountsOf } = page.choices;
  return html`<form method="post" action="${page.action}">
${formTokenField(page.formToken)}
<p class="field"><label for="user">${t.userLabel}</label>
<input id="user" name="user" type="text" value="${page.userName}" required autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200"${focusAndError(page, 'user')}></p>
<p class="field"><label for="password">${t.passwordLabel}</label>
<input id="password" name="password" type="password" required autocomplete="current-password" maxlength="1024"${focusAndError(page, 'password')}></p>
${
  accountsOf.length === 0
    ? null
    : html`<p class="hint">${fill(t.passwordOf, { sources: accountsOf.join(', ') })}</p>
`
}<p class="buttons"><button type="submit" class="primary">${page.service.confirmLabel === null ? t.signIn : serviceText(page.service.confirmLabel, page.lang)}</button></p>
</form>`;
}

function elsewherePart({ choices: { takesPassword, elsewhere }, lang }: SignInPage) {
  const t = textsIn(interfaceLanguage(lang));
  if (elsewhere.length === 0) return null;
  return html`${
    takesPassword
      ? html`<p>${t.signInElsewhere}</p>
`
      : null
  }<p class="buttons">${elsewhere.map(
    ({ label, href }) => html`<a class="button${takesPassword ? ' second' : ''}" href="${href}">${label}</a>
`,
  )}</p>`;
}

/** Both fields are suspect after an error; the cursor goes to the first one that has to be typed. */
function focusAndError(page: SignInPage, field: 'user' | 'password') {
  const first = page.userName === '' ? 'user' : 'password';
  return html`${page.error === null ? null : html` aria-invalid="true" aria-describedby="sign-in-error"`}${field === first ? html` autofocus` : null}`;
}
