import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { html } from '../html.ts';
import { fill, interfaceLanguage, textsIn } from '../texts.ts';

export interface SignOnRefusedPage extends PageFrame {
  readonly sentence: string;
  /** What the log knows it by; null where the sentence says it all. */
  readonly code: string | null;
  /** Where it can be tried again. */
  readonly again: string;
}

/** A source did not let somebody in, or was not believed. */
export function signOnRefusedPage(page: SignOnRefusedPage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  return renderDocument(page, {
    kind: 'notice',
    title: t.signOnRefusedHeading,
    main: html`<h1>${t.signOnRefusedHeading}</h1>
<p role="alert">${page.sentence}</p>
${page.code === null ? null : html`<p class="hint">${fill(t.signOnCode, { code: page.code })}</p>`}
<p class="buttons"><a class="button primary" href="${page.again}">${t.beginAgain}</a>
<a href="${rootPath(page.base)}/">${t.backHome}</a></p>`,
  });
}
