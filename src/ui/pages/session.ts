import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { type Html, html } from '../html.ts';
import { fill, interfaceLanguage, type Language, type Texts, textsIn } from '../texts.ts';
import { formTokenField, hostOf } from './access-frame.ts';
import { requestTextsIn } from './request-texts.ts';

export interface SessionPage extends PageFrame {
  /** Null for whoever has none. */
  readonly session: OwnSessionShown | null;
  /** Whether scripts of the reader are let in anywhere. */
  readonly hasPersonalTokens: boolean;
}

interface OwnSessionShown {
  /** Where the forms are posted to. Fields: `end` (`token`, `grant` or `all`), what it is about, `form-token`. */
  readonly action: string;
  readonly formToken: string;
  /** Null for somebody who only agreed to terms. */
  readonly userName: string | null;
  readonly beganAt: Date;
  readonly idleEndsAt: Date;
  readonly endsAt: Date;
  readonly grants: ReadonlyArray<ServiceShown & { readonly origin: string; readonly grantedAt: Date }>;
  readonly tokens: ReadonlyArray<ServiceShown & { readonly key: string; readonly firstLetters: string; readonly endsAt: Date }>;
}

interface ServiceShown {
  /** Name in the access file. */
  readonly service: string;
  readonly label: string;
  /** Of the viewer; null for a token that no viewer asked for. */
  readonly origin: string | null;
  readonly isOurs: boolean;
}

/** A visitor's own session: what it was granted, the tokens of viewers, when each ends. */
export function sessionPage(page: SessionPage): string {
  const language = interfaceLanguage(page.lang);
  const t = textsIn(language);
  const requests =
    page.session?.userName == null
      ? null
      : html`<p><a href="${rootPath(page.base)}/requests">${requestTextsIn(language).listHeading}</a></p>\n`;
  const links = html`${requests}${
    page.hasPersonalTokens
      ? html`<p><a href="${rootPath(page.base)}/tokens">${t.personalHeading}</a></p>
`
      : null
  }<p><a href="${rootPath(page.base)}/browser-check">${t.checkHeading}</a></p>
<p><a href="${rootPath(page.base)}/">${t.backHome}</a></p>`;
  const shown = page.session === null ? html`<p>${t.sessionNone}</p>` : ownSession(page.session, language, t);
  return renderDocument(page, {
    kind: 'form',
    title: t.sessionHeading,
    scripts: page.session === null ? [] : ['local-times.js'],
    main: html`<h1>${t.sessionHeading}</h1>
${shown}
${links}`,
  });
}

function ownSession(session: OwnSessionShown, language: Language, t: Texts): Html {
  const end = (button: Html) => html`<form method="post" action="${session.action}">${formTokenField(session.formToken)}${button}</form>`;
  return html`<p>${session.userName === null ? t.sessionUnnamed : fill(t.signedInAs, { user: session.userName })}</p>
<dl class="times"><dt>${t.sessionBegan}</dt><dd>${time(session.beganAt, language)}</dd>
<dt>${t.sessionIdle}</dt><dd>${time(session.idleEndsAt, language)}</dd>
<dt>${t.sessionEnds}</dt><dd>${time(session.endsAt, language)}</dd></dl>
<h2>${t.grantsHeading}</h2>
<p class="hint">${session.grants.length === 0 ? t.grantsNone : t.grantsHint}</p>
<ul class="parts">
${session.grants.map(
  (grant) => html`<li><p><strong>${grant.label}</strong><br>${viewerOf(grant, t)}<br>${t.since} ${time(grant.grantedAt, language)}</p>
${end(html`<input type="hidden" name="service" value="${grant.service}"><input type="hidden" name="origin" value="${grant.origin}"><button type="submit" name="end" value="grant">${t.endPart}<span class="quiet"> – ${grant.label}, ${viewerOf(grant, t)}</span></button>`)}</li>
`,
)}</ul>
<h2>${t.tokensHeading}</h2>
<p class="hint">${session.tokens.length === 0 ? t.tokensNone : t.tokensHint}</p>
<ul class="parts">
${session.tokens.map(
  (
    token,
  ) => html`<li><p><code>${token.firstLetters}…</code> ${token.label}<br>${viewerOf(token, t)}<br>${t.until} ${time(token.endsAt, language)}</p>
${end(html`<input type="hidden" name="token" value="${token.key}"><button type="submit" name="end" value="token">${t.endPart}<span class="quiet"> – ${token.firstLetters}</span></button>`)}</li>
`,
)}</ul>
${end(html`<p class="buttons"><button type="submit" name="end" value="all" class="primary">${t.endAll}</button></p>`)}`;
}

function viewerOf({ origin, isOurs }: ServiceShown, t: Texts): string {
  if (origin === null) return t.viewerNone;
  return isOurs ? t.viewerOurs : fill(t.viewerAt, { viewer: hostOf(origin) });
}

/** In UTC, which the page's script turns into the reader's own time. */
function time(at: Date, language: Language): Html {
  const text = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at);
  return html`<time datetime="${at.toISOString()}">${text} UTC</time>`;
}
