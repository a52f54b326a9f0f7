import { type Html, html } from '../html.ts';
import { interfaceLanguage, type Language } from '../texts.ts';

/** The texts of an access service, in one language and plain. */
export interface ServiceTexts {
  readonly name: string;
  readonly label: string;
  readonly heading: string | null;
  readonly note: string | null;
  readonly confirmLabel: string | null;
}

/** `{host}` of a base URI, and `{viewer}` of an origin, for people: without the scheme. */
export function hostOf(uri: string): string {
  return URL.canParse(uri) ? new URL(uri).host : uri;
}

/** Texts of a service that are in another language than our own say so, for those who have pages read to them. */
export function serviceText(text: string, lang: string): Html {
  const language: Language = interfaceLanguage(lang);
  const same = lang.toLowerCase().split('-')[0] === language;
  return same ? html`${text}` : html`<span lang="${lang}">${text}</span>`;
}

/** A note may hold several paragraphs, parted by empty lines. */
export function paragraphs(text: string, lang: string): readonly Html[] {
  return text.split(/\n\s*\n/).map((part) => html`<p class="note">${serviceText(part.trim(), lang)}</p>\n`);
}

export function formTokenField(formToken: string): Html {
  return html`<input type="hidden" name="form-token" value="${formToken}">`;
}
