import { type PageFrame, renderDocument } from '../document.ts';
import { html } from '../html.ts';
import { fill, interfaceLanguage, textsIn } from '../texts.ts';

export interface WaitingPage extends PageFrame {
  /** In the queue, from 1. */
  readonly place: number;
}

/** All seats of an item are taken. The page asks again by itself, and goes on when there is one. */
export function waitingPage(page: WaitingPage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  return renderDocument(page, {
    kind: 'notice',
    title: t.waitingHeading,
    main: html`<h1>${t.waitingHeading}</h1>
<p role="status">${page.place === 1 ? t.waitingFirst : fill(t.waitingPlace, { place: String(page.place) })}</p>
<p>${t.waitingText}</p>`,
  });
}
