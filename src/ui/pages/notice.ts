import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { html } from '../html.ts';
import { interfaceLanguage, textsIn } from '../texts.ts';

export interface NoticePage extends PageFrame {
  readonly heading: string;
  readonly text: string;
}

/** One thing to say, mostly that something went wrong. */
export function noticePage(page: NoticePage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  return renderDocument(page, {
    kind: 'notice',
    title: page.heading,
    main: html`<h1>${page.heading}</h1>
<p>${page.text}</p>
<p><a href="${rootPath(page.base)}/">${t.backHome}</a></p>`,
  });
}
