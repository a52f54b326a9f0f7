import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { html } from '../html.ts';
import { fill, interfaceLanguage, textsIn } from '../texts.ts';
import { formTokenField } from './access-frame.ts';

export interface SignOutPage extends PageFrame {
  /** Where the form is posted to. Field: `form-token`. */
  readonly action: string;
  readonly formToken: string;
  /** Null for a session without an account: somebody who only agreed to terms. */
  readonly userName: string | null;
}

export function signOutPage(page: SignOutPage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  return renderDocument(page, {
    kind: 'form',
    title: t.signOutHeading,
    main: html`<h1>${t.signOutHeading}</h1>
<p>${page.userName === null ? t.signOutUnnamed : fill(t.signOutText, { user: page.userName })}</p>
<form method="post" action="${page.action}">
${formTokenField(page.formToken)}
<p class="buttons"><button type="submit" class="primary">${t.signOut}</button>
<a href="${rootPath(page.base)}/">${t.stay}</a></p>
</form>`,
  });
}
