import { type PageFrame, renderDocument } from '../document.ts';
import { html } from '../html.ts';
import { interfaceLanguage, textsIn } from '../texts.ts';
import { type VisitorLinks, visitorLinks } from './front.ts';

export interface GatewayFront extends PageFrame {
  /** Name of the collection. */
  readonly title: string;
  readonly visitor: VisitorLinks;
}

/** What whoever comes by finds, where pictures are shown by viewers elsewhere. */
export function gatewayFrontPage(page: GatewayFront): string {
  const t = textsIn(interfaceLanguage(page.lang));
  return renderDocument(page, {
    kind: 'notice',
    title: page.title,
    visitor: visitorLinks(page.visitor, t),
    main: html`<h1><bdi>${page.title}</bdi></h1>
<p>${t.gatewayText}</p>`,
  });
}
