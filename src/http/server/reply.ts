import { PROBLEMS, type Refusal } from '../../lib/problems.ts';
import type { WholeReply } from './exchange.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** A page of ours: never framed, no script but our own files. Access pages must not send COOP (docs: viewers watch the window). */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export function page(status: number, html: string, headers: Headers = {}): WholeReply {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': PAGE_POLICY,
      'referrer-policy': 'same-origin',
      ...headers,
    },
    body: html,
  };
}

export function json(status: number, value: unknown, headers: Headers = {}): WholeReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: `${JSON.stringify(value, null, 2)}\n`,
  };
}

/** RFC 9457 problem details, with members of our own (§3.2) where there are some. https://www.rfc-editor.org/rfc/rfc9457#section-3 */
export function problem(refusal: Refusal, headers: Headers = {}, extension: object = {}): WholeReply {
  const { status, title } = PROBLEMS[refusal.code];
  const retry: Headers = refusal.retryAfterSeconds === undefined ? {} : { 'retry-after': String(refusal.retryAfterSeconds) };
  return {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store', ...retry, ...headers },
    body: `${JSON.stringify({ type: 'about:blank', code: refusal.code, title, status, detail: refusal.detail, ...extension })}\n`,
  };
}

/** 303 after a form, or to another document. The location is ours: never taken from a request unchecked. */
export function seeOther(location: string, headers: Headers = {}): WholeReply {
  return { status: 303, headers: { location, 'cache-control': 'no-store', ...headers }, body: null };
}
