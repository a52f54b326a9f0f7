import { html } from '../../html.ts';
import { renderAdminForm } from '../document.ts';

export interface AdminNoticePage {
  readonly base: string;
  readonly heading: string;
  readonly text: string;
  readonly link: { readonly address: string; readonly label: string } | null;
}

/** One thing to say to somebody who is not signed in as an administrator. */
export function adminNoticePage({ base, heading, text, link }: AdminNoticePage): string {
  return renderAdminForm(base, {
    title: heading,
    main: html`<h1>${heading}</h1>
<p>${text}</p>
${link === null ? null : html`<p><a href="${link.address}">${link.label}</a></p>`}`,
  });
}
