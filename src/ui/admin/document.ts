import { renderDocument, rootPath } from '../document.ts';
import { type Content, type Html, html } from '../html.ts';
import { formTokenField } from '../pages/access-frame.ts';
import { adminTime } from './parts.ts';
import { ADMIN_SECTIONS, type AdminSection } from './sections.ts';

/** What every page for administrators is told. They are in English only. */
export interface AdminFrame {
  /** What our URIs begin with (`HttpRequest.base`), without a slash at the end. */
  readonly base: string;
  readonly adminName: string;
  /** What was just done, as a sentence; null where nothing was. */
  readonly notice: string | null;
  /** The end of shadow mode, while it lasts. */
  readonly shadowUntil: Date | null;
  /** For the button that signs out. */
  readonly signOutToken: string;
}

interface AdminParts {
  readonly title: string;
  /** Which entry of the menu the page belongs to; null for none. */
  readonly section: AdminSection | null;
  readonly main: Content;
  /** Files below `/assets/`, run in order after the page is parsed. */
  readonly scripts?: readonly string[];
}

/** A whole page for administrators, with their menu. */
export function renderAdmin(frame: AdminFrame, parts: AdminParts): string {
  const root = rootPath(frame.base);
  return renderDocument(
    { base: frame.base, lang: 'en' },
    {
      kind: 'admin',
      title: `${parts.title} – Administration`,
      stylesheets: ['admin.css'],
      scripts: ['local-times.js', ...(parts.scripts ?? [])],
      visitor: visitorOf(frame, root),
      nav: menu(parts.section, root),
      main: html`${frame.shadowUntil === null ? null : shadowBanner(frame.shadowUntil, root)}${frame.notice === null ? null : html`<p class="done" role="status">${frame.notice}</p>\n`}${parts.main}`,
    },
  );
}

/** A page of the administration for somebody who is not signed in yet. */
export function renderAdminForm(
  base: string,
  { title, main, scripts = [] }: { readonly title: string; readonly main: Content; readonly scripts?: readonly string[] },
): string {
  return renderDocument(
    { base, lang: 'en' },
    { kind: 'form', title: `${title} – Administration`, stylesheets: ['admin.css'], scripts, main },
  );
}

/** So that nobody forgets it. */
function shadowBanner(until: Date, root: string): Html {
  return html`<p class="shadow" role="note"><strong>Shadow mode: nothing is locked.</strong> Until ${adminTime(until)} the access file is not enforced, and everybody sees everything. <a href="${root}/admin/shadow">Who would lose what</a></p>
`;
}

function visitorOf(frame: AdminFrame, root: string): Html {
  return html`<div class="visitor"><span>Administration: <strong>${frame.adminName}</strong></span>
<form method="post" action="${root}/admin/sign-out">${formTokenField(frame.signOutToken)}<button type="submit" class="small">Sign out</button></form></div>`;
}

function menu(current: AdminSection | null, root: string): Html {
  const entries = Object.entries(ADMIN_SECTIONS).map(
    ([section, { label, path }]) =>
      html`<li><a href="${root}${path}"${section === current ? html` aria-current="page"` : null}>${label}</a></li>\n`,
  );
  return html`<nav class="menu" aria-label="Administration"><ul>
${entries}</ul></nav>
`;
}
