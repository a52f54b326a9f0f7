import { html } from '../../html.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { adminTime } from '../parts.ts';

export interface UserLinkPage {
  readonly kind: 'invitation' | 'reset';
  readonly userName: string;
  readonly email: string | null;
  /** The whole address. */
  readonly link: string;
  readonly endsAt: Date;
  /** Of the user's own page. */
  readonly back: string;
}

/** A link for a person, to be copied: shown this once. */
export function userLinkPage(frame: AdminFrame, shown: UserLinkPage): string {
  const title = shown.kind === 'invitation' ? `Invite ${shown.userName}` : `A new password for ${shown.userName}`;
  return renderAdmin(frame, {
    title,
    section: 'users',
    main: html`<h1>${title}</h1>
<p>Hand this link to ${shown.userName}${shown.email === null ? null : html`, for example at <a href="mailto:${shown.email}">${shown.email}</a>`}. Whoever opens it sets the password of this account.</p>
<p class="field"><label for="link">The link</label>
<input id="link" type="text" value="${shown.link}" readonly></p>
<p class="hint">It works once, until ${adminTime(shown.endsAt)}, and is shown only now. A link that you made before works no longer.</p>
<p><a href="${shown.back}">Go on to ${shown.userName}</a></p>`,
  });
}
