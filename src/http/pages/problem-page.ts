import { PROBLEMS, type Refusal } from '../../lib/problems.ts';
import { noticePage } from '../../ui/pages/notice.ts';
import { problemTitle } from '../../ui/problem-titles.ts';
import { preferredLanguage } from '../../ui/texts.ts';
import type { HttpRequest, WholeReply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';

/** A problem, as a page for people. The sentence is the one that programs read, and so in English. */
export function problemPage(refusal: Refusal, request: Pick<HttpRequest, 'header' | 'base'>): WholeReply {
  const retry: Record<string, string> = refusal.retryAfterSeconds === undefined ? {} : { 'retry-after': String(refusal.retryAfterSeconds) };
  const lang = preferredLanguage(request.header('accept-language'));
  const heading = problemTitle(refusal.code, lang);
  const body = noticePage({ base: request.base, lang, heading, text: refusal.detail, textLang: 'en' });
  return page(PROBLEMS[refusal.code].status, body, retry);
}
