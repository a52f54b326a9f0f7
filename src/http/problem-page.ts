import { PROBLEMS, type Refusal } from '../lib/problems.ts';
import { noticePage } from '../ui/pages/notice.ts';
import { preferredLanguage } from '../ui/texts.ts';
import type { HttpRequest, Reply } from './exchange.ts';
import { page } from './reply.ts';

/** A problem, as a page for people. */
export function problemPage(refusal: Refusal, request: Pick<HttpRequest, 'header' | 'base'>): Reply {
  const { status, title } = PROBLEMS[refusal.code];
  const retry: Record<string, string> = refusal.retryAfterSeconds === undefined ? {} : { 'retry-after': String(refusal.retryAfterSeconds) };
  const lang = preferredLanguage(request.header('accept-language'));
  return page(status, noticePage({ heading: title, text: refusal.detail, lang, base: request.base }), retry);
}
