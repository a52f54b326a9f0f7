import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { html } from '../html.ts';
import { interfaceLanguage, textsIn } from '../texts.ts';

export interface NoticePage extends PageFrame {
  readonly heading: string;
  readonly text: string;
  /** BCP 47 tag, where the text is in another language than the page. */
  readonly textLang?: string;
  /** A second paragraph, in the language of the page. */
  readonly detail?: string;
  /** Where to go on; else to the start page. The address is a path of ours. */
  readonly link?: { readonly address: string; readonly label: string };
}

/** One thing to say, mostly that something went wrong. */
export function noticePage(page: NoticePage): string {
  const language = interfaceLanguage(page.lang);
  const t = textsIn(language);
  const other = page.textLang === undefined || page.textLang === language ? null : page.textLang;
  return renderDocument(page, {
    kind: 'notice',
    title: page.heading,
    main: html`<h1>${page.heading}</h1>
${other === null ? html`<p>${page.text}</p>` : html`<p lang="${other}">${page.text}</p>`}
${page.detail === undefined ? null : html`<p class="hint">${page.detail}</p>`}
<p><a href="${page.link?.address ?? `${rootPath(page.base)}/`}">${page.link?.label ?? t.backHome}</a></p>`,
  });
}
