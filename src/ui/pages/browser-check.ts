import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { html, jsonBlock } from '../html.ts';
import { interfaceLanguage, textsIn } from '../texts.ts';

export interface BrowserCheckPage extends PageFrame {
  /** A page of ours on another site; null where there is none, and nothing can be tried out. */
  readonly frame: string | null;
}

/** What cookies do in the reader's browser for viewers here, next door and elsewhere. The last of it is tried out where it can be. */
export function browserCheckPage(page: BrowserCheckPage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  return renderDocument(page, {
    kind: 'notice',
    title: t.checkHeading,
    scripts: ['browser-check.js'],
    main: html`<h1>${t.checkHeading}</h1>
<p>${t.checkWhy}</p>
<h2>${t.checkHereHeading}</h2>
<p>${t.checkHere}</p>
<p class="error" data-result="no-cookies" hidden>${t.checkNoCookies}</p>
<h2>${t.checkNearHeading}</h2>
<p>${t.checkNear}</p>
<h2>${t.checkElsewhereHeading}</h2>
<p>${t.checkElsewhere}</p>
<p class="hint" data-result="unknown">${page.frame === null ? t.checkCannotTry : t.checkUnknown}</p>
<p class="result" data-result="sent" hidden>${t.checkSent}</p>
<p class="error" data-result="withheld" hidden>${t.checkWithheld}</p>
${page.frame === null ? null : html`<div id="elsewhere" data-frame="${page.frame}"></div>\n`}<p><a href="${rootPath(page.base)}/">${t.backHome}</a></p>`,
  });
}

export interface BrowserCheckFrame extends PageFrame {
  /** The page that is told what was found. */
  readonly targetOrigin: string;
}

/** Says nothing itself: it finds out whether it has its cookies in a page of another site. */
export function browserCheckFrame(page: BrowserCheckFrame): string {
  const language = interfaceLanguage(page.lang);
  const t = textsIn(language);
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${t.checkHeading}</title>
${jsonBlock('message', { targetOrigin: page.targetOrigin })}
<script src="${rootPath(page.base)}/assets/browser-check-frame.js"></script>
</head>
<body>
<main>
<h1>${t.checkHeading}</h1>
</main>
</body>
</html>
`.toString();
}
