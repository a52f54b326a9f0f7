import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { type Html, html } from '../html.ts';
import { fill, interfaceLanguage, type Texts, textsIn } from '../texts.ts';

/** The source that a visitor came through, and where browsers sign out at it. */
export interface SignOutElsewhere {
  readonly label: string;
  readonly url: string;
}

export interface SignedOutPage extends PageFrame {
  readonly elsewhere: SignOutElsewhere;
}

/** The end of a session that a source opened: what it still knows. */
export function signedOutPage(page: SignedOutPage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  return renderDocument(page, {
    kind: 'notice',
    title: t.doneSignedOutHeading,
    main: html`<h1>${t.doneSignedOutHeading}</h1>
<p>${t.doneSignedOut}</p>
${signOutElsewhere(page.elsewhere, t)}<p><a href="${rootPath(page.base)}/">${t.backHome}</a></p>`,
  });
}

/** The offer to sign out there too. A link: a form may not lead to another site. */
export function signOutElsewhere({ label, url }: SignOutElsewhere, t: Texts): Html {
  return html`<p>${fill(t.stillSignedInAt, { source: label })}</p>
<p class="buttons"><a class="button" href="${url}" rel="noreferrer">${fill(t.signOutThere, { source: label })}</a></p>
`;
}
