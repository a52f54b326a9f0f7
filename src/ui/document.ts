import { type Content, html } from './html.ts';
import { interfaceLanguage, textsIn } from './texts.ts';

/** What every page of ours is told. */
export interface PageFrame {
  /** What our URIs begin with (`HttpRequest.base`), without a slash at the end. */
  readonly base: string;
  /** BCP 47 tag of the visitor's language; our own texts fall back to English. */
  readonly lang: string;
}

interface DocumentParts {
  readonly title: string;
  readonly main: Content;
  /** What stands at the right of the header. */
  readonly visitor?: Content;
  /** Files below `/assets/`, run in order after the page is parsed. */
  readonly scripts?: readonly string[];
  readonly stylesheets?: readonly string[];
  readonly kind: 'form' | 'gallery' | 'viewer' | 'media' | 'notice' | 'admin';
  /** Between the header and what the page is about. */
  readonly nav?: Content;
}

/** The path part of `base`: our pages link by path, so that they work under whatever name they were reached. */
export function rootPath(base: string): string {
  return URL.canParse(base) ? new URL(base).pathname.replace(/\/$/, '') : '';
}

/** A whole HTML document, as text. No inline script, style or event handler: the policy in `http/server/reply.ts` forbids them. */
export function renderDocument(frame: PageFrame, parts: DocumentParts): string {
  const language = interfaceLanguage(frame.lang);
  const t = textsIn(language);
  const root = rootPath(frame.base);
  const document = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${parts.title}</title>
<link rel="icon" href="${root}/assets/vitrine.svg" type="image/svg+xml">
<link rel="stylesheet" href="${root}/assets/vitrine.css">
${(parts.stylesheets ?? []).map((file) => html`<link rel="stylesheet" href="${root}/assets/${file}">\n`)}${(parts.scripts ?? []).map((file) => html`<script src="${root}/assets/${file}" defer></script>\n`)}</head>
<body class="${parts.kind}">
<a class="skip" href="#main">${t.skip}</a>
<header class="site">
<a class="brand" href="${root}/"><img src="${root}/assets/vitrine.svg" width="28" height="28" alt="">Vitrine</a>
${parts.visitor}
</header>
${parts.nav}<main id="main">
${parts.main}
</main>
</body>
</html>
`;
  return document.toString();
}
