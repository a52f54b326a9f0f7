import { type PageFrame, rootPath } from '../document.ts';
import { html, jsonBlock } from '../html.ts';
import { interfaceLanguage, textsIn } from '../texts.ts';

export interface TokenPage extends PageFrame {
  /** What `postMessage` sends: the token, or the error that 1.0 §2.2.6 and 2.0 §4.5 describe. */
  readonly message: object;
  /** The validated origin of the viewer, and the only one that gets the message; null sends nothing. */
  readonly targetOrigin: string | null;
  /** Why there is no token, for whoever opens the address in a window. */
  readonly error?: { readonly heading: string; readonly text: string } | null;
  /** Whether the cookie is what is missing, and the browser may let the frame have it: by what it remembers, or by a click. */
  readonly mayAskForCookie?: boolean;
}

/**
 * The page of the access token service, made for a frame that nobody sees. The message travels as data and the script
 * is a static file, so nothing that a request says can become script.
 * https://iiif.io/api/auth/2.0/#43-access-token-service-response
 * https://iiif.io/api/auth/1.0/#interaction-for-browser-based-client-applications
 */
export function tokenPage(page: TokenPage): string {
  const language = interfaceLanguage(page.lang);
  const t = textsIn(language);
  const root = rootPath(page.base);
  const document = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t.tokenTitle}</title>
${jsonBlock('message', { targetOrigin: page.targetOrigin, message: page.message, ...(page.mayAskForCookie ? { mayAskForCookie: true } : {}) })}
<script src="${root}/assets/post-token.js"></script>
<link rel="stylesheet" href="${root}/assets/vitrine.css">
</head>
<body class="notice token">
<main>
<h1>${page.error?.heading ?? t.tokenTitle}</h1>
<p>${page.error?.text ?? t.tokenText}</p>
${page.mayAskForCookie ? html`<p class="buttons"><button type="button" id="allow-cookie" class="primary" hidden>${t.allowCookie}</button></p>\n` : null}</main>
</body>
</html>
`;
  return document.toString();
}
