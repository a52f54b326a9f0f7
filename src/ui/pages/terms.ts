import { type PageFrame, renderDocument } from '../document.ts';
import { html } from '../html.ts';
import { fill, interfaceLanguage, textsIn } from '../texts.ts';
import { formTokenField, hostOf, paragraphs, type ServiceTexts, serviceText } from './access-frame.ts';

export interface TermsPage extends PageFrame {
  readonly service: ServiceTexts;
  /** Where the form is posted to, query included. Fields: `answer` (`agree` or `decline`), `form-token`. */
  readonly action: string;
  readonly formToken: string;
  readonly viewerOrigin: string | null;
  readonly alreadyAgreed: boolean;
}

export function termsPage(page: TermsPage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  const heading = page.service.heading ?? page.service.label;
  return renderDocument(page, {
    kind: 'form',
    title: heading,
    main: html`<h1>${serviceText(heading, page.lang)}</h1>
${page.service.note === null ? null : html`<div class="terms">${paragraphs(page.service.note, page.lang)}</div>`}
${page.alreadyAgreed ? html`<p class="hint">${t.alreadyAgreed}</p>` : null}
<form method="post" action="${page.action}">
${formTokenField(page.formToken)}
<p class="buttons"><button type="submit" name="answer" value="agree" class="primary">${page.service.confirmLabel === null ? t.agree : serviceText(page.service.confirmLabel, page.lang)}</button>
<button type="submit" name="answer" value="decline">${t.decline}</button></p>
</form>
${page.viewerOrigin === null ? null : html`<p class="hint">${fill(t.termsFor, { viewer: hostOf(page.viewerOrigin) })}</p>`}`,
  });
}
