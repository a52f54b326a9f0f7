import { type PageFrame, renderDocument } from '../document.ts';
import { html } from '../html.ts';
import { fill, interfaceLanguage, textsIn } from '../texts.ts';
import { formTokenField, hostOf, type ServiceTexts, serviceText } from './access-frame.ts';

export interface ContinuePage extends PageFrame {
  readonly service: ServiceTexts;
  /** Where the form is posted to, query included. Fields: `answer` (`continue` or `switch`), `form-token`. */
  readonly action: string;
  readonly formToken: string;
  readonly viewerOrigin: string | null;
  /** The account of the session. */
  readonly userName: string;
}

/** For somebody who is signed in already: one click, since browsers count a click on our site. */
export function continuePage(page: ContinuePage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  return renderDocument(page, {
    kind: 'form',
    title: page.service.label,
    main: html`<h1>${serviceText(page.service.label, page.lang)}</h1>
<p>${page.viewerOrigin === null ? t.continueOwn : fill(t.continueFor, { viewer: hostOf(page.viewerOrigin) })}</p>
<form method="post" action="${page.action}">
${formTokenField(page.formToken)}
<p class="buttons"><button type="submit" name="answer" value="continue" class="primary" autofocus>${fill(t.continueButton, { user: page.userName })}</button>
<button type="submit" name="answer" value="switch">${t.switchButton}</button></p>
</form>`,
  });
}
