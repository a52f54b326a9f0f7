import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { html } from '../html.ts';
import { interfaceLanguage, type Texts, textsIn } from '../texts.ts';
import { type SignOutElsewhere, signOutElsewhere } from './signed-out.ts';

export type WindowDoneKind = 'signed-in' | 'entered' | 'agreed' | 'declined' | 'withdrawn' | 'signed-out';

export interface WindowDonePage extends PageFrame {
  readonly kind: WindowDoneKind;
  /** Labels of the access services that are still open in the session. The window stays until they are read. */
  readonly stillOpen?: readonly string[];
  /** Where the visitor may still be signed in. The window stays until that is read. */
  readonly elsewhere?: SignOutElsewhere | null;
}

/** The end of an access service or sign-out window: it closes itself, and says what to do where it cannot. */
export function windowDonePage(page: WindowDonePage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  const { heading, text } = sentences(page.kind, t);
  const { stillOpen = [], elsewhere = null } = page;
  const stays = stillOpen.length > 0 || elsewhere !== null;
  return renderDocument(page, {
    kind: 'notice',
    title: heading,
    scripts: ['close-window.js'],
    main: html`<h1>${heading}</h1>
<p>${text}</p>
${stillOpenPart(stillOpen, page, t)}${elsewhere === null ? null : signOutElsewhere(elsewhere, t)}<p id="closing" hidden>${t.closing}</p>
<p>${t.closeHint}</p>
<p class="buttons"><button type="button" id="close-window" class="primary"${stays ? html` data-stay` : null} hidden>${t.closeButton}</button>
<a href="${rootPath(page.base)}/">${t.backHome}</a></p>`,
  });
}

function stillOpenPart(labels: readonly string[], { base }: PageFrame, t: Texts) {
  if (labels.length === 0) return null;
  return html`<p>${t.stillOpen}</p>
<ul>${labels.map((label) => html`<li>${label}</li>`)}</ul>
<p><a href="${rootPath(base)}/session">${t.stillOpenLink}</a></p>
`;
}

function sentences(kind: WindowDoneKind, t: Texts): { heading: string; text: string } {
  if (kind === 'signed-in') return { heading: t.doneSignedInHeading, text: t.doneSignedIn };
  if (kind === 'entered') return { heading: t.doneEnteredHeading, text: t.doneSignedIn };
  if (kind === 'agreed') return { heading: t.doneAgreedHeading, text: t.doneAgreed };
  if (kind === 'declined') return { heading: t.doneDeclinedHeading, text: t.doneDeclined };
  if (kind === 'withdrawn') return { heading: t.doneWithdrawnHeading, text: t.doneWithdrawn };
  return { heading: t.doneSignedOutHeading, text: t.doneSignedOut };
}
