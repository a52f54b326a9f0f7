import { MOST_TOKEN_DAYS } from '../../domain/personal-token.ts';
import { type PageFrame, renderDocument, rootPath } from '../document.ts';
import { type Html, html } from '../html.ts';
import { fill, interfaceLanguage, type Language, type Texts, textsIn } from '../texts.ts';
import { formTokenField } from './access-frame.ts';

export interface OwnTokensPage extends PageFrame {
  /** Where the forms are posted to. Fields: `name` and `days`, or `revoke`; `form-token`. */
  readonly action: string;
  readonly formToken: string;
  readonly userName: string;
  /** Whether some rule lets scripts of this reader in. */
  readonly mayCreate: boolean;
  readonly typed: { readonly name: string; readonly days: string };
  /** Why what was typed is not accepted. */
  readonly error: 'name' | 'days' | 'many' | null;
  /** Just made, to be shown this once. */
  readonly secret: string | null;
  readonly tokens: ReadonlyArray<{
    readonly id: string;
    readonly name: string;
    readonly expiresAt: Date;
    readonly hasExpired: boolean;
    readonly usedAt: Date | null;
  }>;
}

/** A reader's own personal access tokens. */
export function ownTokensPage(page: OwnTokensPage): string {
  const language = interfaceLanguage(page.lang);
  const t = textsIn(language);
  return renderDocument(page, {
    kind: 'form',
    title: `${page.error === null ? '' : `${t.errorPrefix} `}${t.personalHeading}`,
    scripts: ['local-times.js'],
    main: html`<h1>${t.personalHeading}</h1>
<p>${fill(t.signedInAs, { user: page.userName })}</p>
<p class="hint">${t.personalHint}</p>
${page.secret === null ? null : html`<div class="secret" role="status"><p><strong>${t.personalShownOnce}</strong></p>\n<p><code>${page.secret}</code></p></div>\n`}${page.mayCreate ? createForm(page, t) : html`<p>${t.personalNotNow}</p>\n`}<ul class="parts">
${page.tokens.map((token) => tokenShown(page, token, language, t))}</ul>
<p><a href="${rootPath(page.base)}/session">${t.sessionHeading}</a></p>
<p><a href="${rootPath(page.base)}/">${t.backHome}</a></p>`,
  });
}

function createForm({ action, formToken, typed, error }: OwnTokensPage, t: Texts): Html {
  const sentence = {
    name: t.personalWrongName,
    days: fill(t.personalWrongDays, { count: String(MOST_TOKEN_DAYS) }),
    many: t.personalTooMany,
  };
  const wrong = (name: string) => (error === name ? html` aria-invalid="true" aria-describedby="token-error"` : null);
  return html`${error === null ? null : html`<p class="error" id="token-error" role="alert"><strong>${t.errorPrefix}</strong> ${sentence[error]}</p>\n`}<form method="post" action="${action}">
${formTokenField(formToken)}
<p class="field"><label for="name">${t.personalName}</label>
<input id="name" name="name" type="text" value="${typed.name}" required maxlength="100" autocomplete="off"${wrong('name')}></p>
<p class="field"><label for="days">${t.personalDays}</label>
<input id="days" name="days" type="text" inputmode="numeric" value="${typed.days}" required maxlength="3" autocomplete="off"${wrong('days')}></p>
<p class="buttons"><button type="submit" class="primary">${t.personalCreate}</button></p>
</form>
`;
}

function tokenShown({ action, formToken }: OwnTokensPage, token: OwnTokensPage['tokens'][number], language: Language, t: Texts): Html {
  const used = token.usedAt === null ? t.personalNeverUsed : html`${t.personalLastUsed} ${time(token.usedAt, language)}`;
  return html`<li><p><strong>${token.name}</strong><br>${token.hasExpired ? t.personalOver : t.until} ${time(token.expiresAt, language)}<br>${used}</p>
<form method="post" action="${action}">${formTokenField(formToken)}<button type="submit" name="revoke" value="${token.id}">${t.endPart}<span class="quiet"> – ${token.name}</span></button></form></li>
`;
}

/** In UTC, which the page's script turns into the reader's own time. */
function time(at: Date, language: Language): Html {
  const text = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at);
  return html`<time datetime="${at.toISOString()}">${text} UTC</time>`;
}
