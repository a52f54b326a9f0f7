import type { SignInOutcome } from '../../flows/sign-in.ts';
import { isRefusal, PROBLEMS } from '../../lib/problems.ts';
import type { Language } from '../../ui/texts.ts';
import { noticesIn, throttledSentence } from './access-notices.ts';

/** How a sign-in form answers an attempt that failed. */
export interface SignInFailure {
  readonly status: number;
  readonly sentence: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function failedSignIn(language: Language, outcome: Exclude<SignInOutcome, { kind: 'signed-in' }>): SignInFailure {
  if (!isRefusal(outcome) && outcome.kind === 'unavailable') {
    return { status: 503, sentence: noticesIn(language).sourceUnavailable, headers: { 'retry-after': '30' } };
  }
  if (!isRefusal(outcome)) {
    // RFC 9110 §11.6.1 wants a challenge with 401; browsers know no such scheme, so that no dialog opens.
    return { status: 401, sentence: noticesIn(language).wrongPassword, headers: { 'www-authenticate': 'Form' } };
  }
  const seconds = outcome.retryAfterSeconds ?? 60;
  return {
    status: PROBLEMS[outcome.code].status,
    sentence: throttledSentence(language, seconds),
    headers: { 'retry-after': String(seconds) },
  };
}
