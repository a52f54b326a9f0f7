import type { AccessService } from '../../domain/access.ts';
import { chooseLanguage, chooseTexts } from '../../iiif/auth/language.ts';
import { textsWithoutMarkup } from '../../iiif/auth/markup.ts';
import { type HeadingAndNote, UNASKED_TEXTS } from '../../iiif/auth/texts.ts';
import { parseAcceptLanguage } from '../../lib/accept-language.ts';
import type { LanguageMap } from '../../lib/language-map.ts';
import { PROBLEMS, type ProblemCode, type Refusal } from '../../lib/problems.ts';
import type { ServiceTexts } from '../../ui/pages/access-frame.ts';
import { noticePage } from '../../ui/pages/notice.ts';
import { waitingPage } from '../../ui/pages/waiting.ts';
import { problemTitle } from '../../ui/problem-titles.ts';
import { fill, type Language, preferredLanguage, textsIn } from '../../ui/texts.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import { noticesIn, throttledSentence } from './access-notices.ts';

/** The path part of our base URI: forms and redirects stay on whatever name the visitor reached us by. */
export function rootOf(request: HttpRequest): string {
  return request.base.slice(request.origin.length);
}

export function languageOf(request: HttpRequest): Language {
  return preferredLanguage(request.header('accept-language'));
}

/** The language of a page about a service: a reader's own where the service speaks it, even if we do not. */
export function serviceLanguage(request: HttpRequest, service: AccessService): string {
  const preferences = parseAcceptLanguage(request.header('accept-language'));
  const spoken = chooseLanguage(service.label, preferences);
  const isFirstWish = spoken !== null && primary(spoken) === primary(preferences[0] ?? '');
  return isFirstWish ? spoken : languageOf(request);
}

function primary(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? '';
}

/** The texts of a service in the reader's language. Paragraphs stay apart. */
export function textsOf(request: HttpRequest, service: AccessService): ServiceTexts {
  const preferences = parseAcceptLanguage(request.header('accept-language'));
  const plain = (map: LanguageMap, between: string): string => chooseTexts(map, preferences).join(between);
  const optional = (map: LanguageMap | null, between: string): string | null => (map === null ? null : plain(map, between) || null);
  return {
    name: service.name,
    label: plain(service.label, ' '),
    heading: optional(service.heading, ' '),
    note: optional(service.note === null ? null : textsWithoutMarkup(service.note), '\n\n'),
    confirmLabel: optional(service.confirmLabel, ' '),
  };
}

const NOTICE_FOR = {
  'request.cross-site': { heading: 'refusedFormHeading', text: 'refusedForm' },
  'request.malformed': { heading: 'wrongOriginHeading', text: 'wrongOrigin' },
  'not-found': { heading: 'noServiceHeading', text: 'noService' },
} as const satisfies Partial<Record<ProblemCode, { heading: string; text: string }>>;

/** A kiosk's window at another place. It stays open, so that it can be read, and names the address for whoever is asked. */
export function elsewhereReply(request: HttpRequest, service: AccessService): Reply {
  const preferences = parseAcceptLanguage(request.header('accept-language'));
  const lang = languageOf(request);
  const { errorHeading, errorNote } = UNASKED_TEXTS.kiosk;
  const say = (map: LanguageMap): string => chooseTexts(map, preferences).join(' ');
  const html = noticePage({
    base: request.base,
    lang,
    heading: say(service.errorHeading ?? errorHeading),
    text: say(textsWithoutMarkup(service.errorNote ?? errorNote)),
    detail: fill(textsIn(lang).yourAddress, { address: request.address }),
  });
  return page(403, html);
}

/** A window outside the opening hours: it stays open, and says when to come back. */
export function closedReply(request: HttpRequest, service: AccessService, texts: HeadingAndNote): Reply {
  const preferences = parseAcceptLanguage(request.header('accept-language'));
  const say = (map: LanguageMap): string => chooseTexts(map, preferences).join(' ');
  const lang = languageOf(request);
  const html = noticePage({
    base: request.base,
    lang,
    heading: say(texts.heading),
    text: say(texts.note),
    detail: textsOf(request, service).label,
  });
  return page(403, html);
}

/** Seconds until a waiting page asks again. */
const ASK_AGAIN_SECONDS = 10;

/** All seats are taken: the browser asks again by itself, with or without script. */
export function waitingReply(request: HttpRequest, place: number): Reply {
  const html = waitingPage({ base: request.base, lang: languageOf(request), place });
  return page(200, html, { refresh: String(ASK_AGAIN_SECONDS) });
}

/** Where a window goes on that may have to wait for a seat. */
export function waitingHref(accessHref: string): string {
  return `${accessHref}${accessHref.includes('?') ? '&' : '?'}wait=1`;
}

/** A refusal, as a page in the reader's language. */
export function noticeReply(request: HttpRequest, code: keyof typeof NOTICE_FOR): Reply {
  const language = languageOf(request);
  const notices = noticesIn(language);
  const { heading, text } = NOTICE_FOR[code];
  return page(PROBLEMS[code].status, noticePage({ base: request.base, lang: language, heading: notices[heading], text: notices[text] }));
}

/** Somebody who must wait, as a page in the reader's language. */
export function throttledReply(request: HttpRequest, { code, retryAfterSeconds = 60 }: Refusal): Reply {
  const lang = languageOf(request);
  const body = noticePage({
    base: request.base,
    lang,
    heading: problemTitle(code, lang),
    text: throttledSentence(lang, retryAfterSeconds),
  });
  return page(PROBLEMS[code].status, body, { 'retry-after': String(retryAfterSeconds) });
}
