import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { html } from '../html.ts';
import { interfaceLanguage, type Texts, textsIn } from '../texts.ts';

export type WindowDoneKind = 'signed-in' | 'entered' | 'agreed' | 'declined' | 'withdrawn' | 'signed-out';

export interface WindowDonePage extends PageFrame {
  readonly kind: WindowDoneKind;
}

/** The end of an access service or sign-out window: it closes itself, and says what to do where it cannot. */
export function windowDonePage(page: WindowDonePage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  const { heading, text } = sentences(page.kind, t);
  return renderDocument(page, {
    kind: 'notice',
    title: heading,
    scripts: ['close-window.js'],
    main: html`<h1>${heading}</h1>
<p>${text}</p>
<p id="closing" hidden>${t.closing}</p>
<p>${t.closeHint}</p>
<p class="buttons"><button type="button" id="close-window" class="primary" hidden>${t.closeButton}</button>
<a href="${rootPath(page.base)}/">${t.backHome}</a></p>`,
  });
}

function sentences(kind: WindowDoneKind, t: Texts): { heading: string; text: string } {
  if (kind === 'signed-in') return { heading: t.doneSignedInHeading, text: t.doneSignedIn };
  if (kind === 'entered') return { heading: t.doneEnteredHeading, text: t.doneSignedIn };
  if (kind === 'agreed') return { heading: t.doneAgreedHeading, text: t.doneAgreed };
  if (kind === 'declined') return { heading: t.doneDeclinedHeading, text: t.doneDeclined };
  if (kind === 'withdrawn') return { heading: t.doneWithdrawnHeading, text: t.doneWithdrawn };
  return { heading: t.doneSignedOutHeading, text: t.doneSignedOut };
}
