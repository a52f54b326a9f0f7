/**
 * What the access token service says, in both versions.
 * https://iiif.io/api/auth/1.0/#the-json-access-token-response
 * https://iiif.io/api/auth/1.0/#access-token-error-conditions
 * https://iiif.io/api/auth/2.0/#access-token-message-format
 * https://iiif.io/api/auth/2.0/#access-token-error-format
 */
import type { LanguageMap } from '../../lib/language-map.ts';
import { chooseTexts } from './language.ts';
import { AUTH2_CONTEXT } from './services-2.ts';
import { type HeadingAndNote, TOKEN_ERROR_TEXTS, type TokenError } from './texts.ts';

export type { TokenError } from './texts.ts';

export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds, a positive integer. */
  readonly expiresIn: number;
}

export type TokenError1 = 'invalidRequest' | 'missingCredentials' | 'invalidCredentials' | 'invalidOrigin' | 'unavailable';

export interface TokenMessage1 extends IssuedToken {
  readonly messageId?: string;
}

export interface TokenErrorMessage1 {
  readonly error: TokenError1;
  readonly description: string;
  readonly messageId?: string;
}

export interface AuthAccessToken2 extends IssuedToken {
  readonly '@context': typeof AUTH2_CONTEXT;
  readonly type: 'AuthAccessToken2';
  readonly messageId: string;
}

export interface AuthAccessTokenError2 {
  readonly '@context': typeof AUTH2_CONTEXT;
  readonly type: 'AuthAccessTokenError2';
  readonly profile: TokenError;
  readonly heading: LanguageMap;
  readonly note: LanguageMap;
  readonly messageId: string;
}

const NAMES_IN_1: Readonly<Record<TokenError, { readonly error: TokenError1; readonly status: number }>> = {
  invalidRequest: { error: 'invalidRequest', status: 400 },
  invalidOrigin: { error: 'invalidOrigin', status: 403 },
  missingAspect: { error: 'missingCredentials', status: 401 },
  invalidAspect: { error: 'invalidCredentials', status: 401 },
  expiredAspect: { error: 'invalidCredentials', status: 401 },
  unavailable: { error: 'unavailable', status: 503 },
};

/** Without a `messageId` it is the JSON answer for clients that are no browsers. */
export function tokenMessage1(token: IssuedToken, messageId: string | null): TokenMessage1 {
  return { accessToken: token.accessToken, expiresIn: token.expiresIn, ...echo1(messageId) };
}

/** `preferences`: language ranges, the preferred one first. `texts` replaces the ones of the table. */
export function tokenErrorMessage1(
  error: TokenError,
  messageId: string | null,
  preferences: readonly string[],
  texts: HeadingAndNote = TOKEN_ERROR_TEXTS[error],
): TokenErrorMessage1 {
  const sentences = [chooseTexts(texts.heading, preferences).join(' '), chooseTexts(texts.note, preferences).join(' ')];
  return { error: NAMES_IN_1[error].error, description: sentences.join('. '), ...echo1(messageId) };
}

/** The HTTP status of the JSON answer; a page with a message is always 200. */
export function tokenErrorStatus1(error: TokenError): number {
  return NAMES_IN_1[error].status;
}

export function tokenMessage2(token: IssuedToken, messageId: string): AuthAccessToken2 {
  return {
    '@context': AUTH2_CONTEXT,
    type: 'AuthAccessToken2',
    accessToken: token.accessToken,
    expiresIn: token.expiresIn,
    messageId,
  };
}

/** `texts` replaces the ones of the table. */
export function tokenErrorMessage2(
  error: TokenError,
  messageId: string,
  texts: HeadingAndNote = TOKEN_ERROR_TEXTS[error],
): AuthAccessTokenError2 {
  return { '@context': AUTH2_CONTEXT, type: 'AuthAccessTokenError2', profile: error, heading: texts.heading, note: texts.note, messageId };
}

function echo1(messageId: string | null): { readonly messageId?: string } {
  return messageId === null ? {} : { messageId };
}
