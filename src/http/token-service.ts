/**
 * The access token service, for both specifications.
 * https://iiif.io/api/auth/2.0/#access-token-service
 * https://iiif.io/api/auth/1.0/#access-token-service
 */

import { issueAccessToken } from '../flows/issue-access-token.ts';
import { issueTokenToAnyOrigin } from '../flows/issue-token-to-any-origin.ts';
import { networkOf } from '../flows/limit-guesses.ts';
import { findService } from '../flows/open-access-service.ts';
import { chooseTexts } from '../iiif/auth/language.ts';
import { parseOrigin } from '../iiif/auth/origin.ts';
import { failureTexts, isActive, type ServiceSource } from '../iiif/auth/service-description.ts';
import { type HeadingAndNote, TOKEN_ERROR_TEXTS, type TokenError } from '../iiif/auth/texts.ts';
import {
  type IssuedToken,
  tokenErrorMessage1,
  tokenErrorMessage2,
  tokenErrorStatus1,
  tokenMessage1,
  tokenMessage2,
} from '../iiif/auth/token-message.ts';
import { parseAcceptLanguage } from '../lib/accept-language.ts';
import { tokenPage } from '../ui/pages/token.ts';
import type { AccessDeps } from './access-deps.ts';
import { languageOf } from './access-page.ts';
import type { Handler, HttpRequest, Reply } from './exchange.ts';
import { json, page } from './reply.ts';

type Version = 1 | 2;
type Outcome =
  | { readonly kind: 'issued'; readonly token: IssuedToken }
  | { readonly kind: 'error'; readonly error: TokenError; readonly texts: HeadingAndNote };

/** Framed by any viewer; the only script is our own file. */
const TOKEN_PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *";

export function createTokenService(version: Version, deps: AccessDeps): Handler {
  const slowDown = createSlowDown(deps);
  return async (request) => {
    const messageId = request.query.get('messageId');
    const asJson = version === 1 && messageId === null;
    const outcome = await askForToken(deps, request, asJson ? 'json' : 'page', messageId);
    await slowDown(request, outcome);
    return asJson ? jsonReply(request, outcome) : pageReply(request, version, messageId ?? '', outcome);
  };
}

/** The target of the message: the origin in the request, where it is one. */
function targetOf(request: HttpRequest): string | null {
  return parseOrigin(request.query.get('origin'));
}

async function askForToken(deps: AccessDeps, request: HttpRequest, form: 'json' | 'page', messageId: string | null): Promise<Outcome> {
  const service = findService(deps.access(), request.params['service'] ?? '');
  const isIncomplete = form === 'page' && (messageId === null || !request.query.has('origin'));
  if (service === null || isIncomplete) return failed('invalidRequest');
  const origin = targetOf(request);
  if (request.query.has('origin') && origin === null) return failed('invalidOrigin');
  try {
    const asked = { service: service.name, origin, cookies: request.cookies, address: request.address };
    const issued = await (isActive(service) ? issueAccessToken(deps, asked) : issueTokenToAnyOrigin(deps, service, asked));
    if (issued.kind === 'denied') return failed(issued.profile, service);
    return { kind: 'issued', token: { accessToken: issued.token, expiresIn: issued.expiresInSeconds } };
  } catch (error) {
    deps.onFailure(error);
    return failed('unavailable');
  }
}

/** The table speaks of windows and clicks; without them, the service's own texts say what to do. */
function failed(error: TokenError, service: ServiceSource | null = null): Outcome {
  const texts = service === null || isActive(service) || error === 'unavailable' ? TOKEN_ERROR_TEXTS[error] : failureTexts(service);
  return { kind: 'error', error, texts };
}

function jsonReply(request: HttpRequest, outcome: Outcome): Reply {
  const headers = { 'cache-control': 'no-store' };
  if (outcome.kind === 'issued') return json(200, tokenMessage1(outcome.token, null), headers);
  const status = tokenErrorStatus1(outcome.error);
  const challenge = status === 401 ? { 'www-authenticate': 'Cookie realm="IIIF"' } : {};
  return json(status, tokenErrorMessage1(outcome.error, null, preferencesOf(request), outcome.texts), { ...headers, ...challenge });
}

/** Always 200, so that the viewer gets the message. Where there is no origin to post to, the page says what is wrong. */
function pageReply(request: HttpRequest, version: Version, messageId: string, outcome: Outcome): Reply {
  const html = tokenPage({
    base: request.base,
    lang: languageOf(request),
    message: version === 1 ? message1(request, messageId, outcome) : message2(messageId, outcome),
    targetOrigin: targetOf(request),
    error: outcome.kind === 'error' ? errorTexts(request, outcome.texts) : null,
  });
  return page(200, html, { 'content-security-policy': TOKEN_PAGE_POLICY, 'referrer-policy': 'no-referrer' });
}

function message1(request: HttpRequest, messageId: string, outcome: Outcome): object {
  if (outcome.kind === 'issued') return tokenMessage1(outcome.token, messageId);
  return tokenErrorMessage1(outcome.error, messageId, preferencesOf(request), outcome.texts);
}

function message2(messageId: string, outcome: Outcome): object {
  if (outcome.kind === 'issued') return tokenMessage2(outcome.token, messageId);
  return tokenErrorMessage2(outcome.error, messageId, outcome.texts);
}

function errorTexts(request: HttpRequest, { heading, note }: HeadingAndNote): { heading: string; text: string } {
  const preferences = preferencesOf(request);
  return { heading: chooseTexts(heading, preferences).join(' '), text: chooseTexts(note, preferences).join(' ') };
}

function preferencesOf(request: HttpRequest): readonly string[] {
  return parseAcceptLanguage(request.header('accept-language'));
}

/** Answers held back at the same time; beyond that they go out at once, so that holding back costs little. */
const MOST_HELD_BACK = 200;

function createSlowDown(deps: AccessDeps): (request: HttpRequest, outcome: Outcome) => Promise<void> {
  let heldBack = 0;
  return async (request, outcome) => {
    const key = `${networkOf(request.address)} ${request.params['service'] ?? ''}`;
    if (outcome.kind === 'issued') return deps.brake.forget(key);
    const milliseconds = deps.brake.delayMilliseconds(key);
    if (milliseconds === 0 || heldBack >= MOST_HELD_BACK) return;
    heldBack += 1;
    try {
      await deps.wait(milliseconds, request.signal);
    } finally {
      heldBack -= 1;
    }
  };
}
