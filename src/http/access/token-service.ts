/**
 * The access token service, for both specifications.
 * https://iiif.io/api/auth/2.0/#access-token-service
 * https://iiif.io/api/auth/1.0/#access-token-service
 */

import type { AccessService } from '../../domain/access.ts';
import { countsByCookie } from '../../domain/authorizing-aspect.ts';
import { findPolicy } from '../../domain/decide.ts';
import { parseServiceName } from '../../domain/item-service.ts';
import { closedTexts } from '../../domain/offered-services.ts';
import type { Session } from '../../domain/session.ts';
import { findService } from '../../flows/find-service.ts';
import { COOKIE_NAMES } from '../../flows/find-session.ts';
import { issueAccessToken } from '../../flows/issue-access-token.ts';
import { issueTokenToAnyOrigin } from '../../flows/issue-token-to-any-origin.ts';
import { networkOf } from '../../flows/limit-guesses.ts';
import { partitionSession } from '../../flows/partition-session.ts';
import { chooseTexts } from '../../iiif/auth/language.ts';
import { parseOrigin } from '../../iiif/auth/origin.ts';
import { seatsTexts } from '../../iiif/auth/seats-texts.ts';
import { isActive } from '../../iiif/auth/service-description.ts';
import { cookieWithheldTexts, type HeadingAndNote, TOKEN_ERROR_TEXTS, type TokenError } from '../../iiif/auth/texts.ts';
import { tokenErrorTexts } from '../../iiif/auth/token-error-texts.ts';
import {
  type IssuedToken,
  tokenErrorMessage1,
  tokenErrorMessage2,
  tokenErrorStatus1,
  tokenMessage1,
  tokenMessage2,
} from '../../iiif/auth/token-message.ts';
import { withWithheldNote } from '../../iiif/auth/withheld-note.ts';
import { parseAcceptLanguage } from '../../lib/accept-language.ts';
import { tokenPage } from '../../ui/pages/token.ts';
import { partitionedCookie } from '../server/cookies.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { json, page } from '../server/reply.ts';
import { activateStorageAccess, isCookieWithheld, mayAskForStorageAccess, VARY_STORAGE_ACCESS } from '../server/storage-access.ts';
import type { AccessDeps } from './access-deps.ts';
import { languageOf } from './access-page.ts';
import { serviceNameOf } from './service-name.ts';

type Version = 1 | 2;
type Outcome =
  | { readonly kind: 'issued'; readonly token: IssuedToken; readonly setCookie: readonly string[] }
  | { readonly kind: 'error'; readonly error: TokenError; readonly texts: HeadingAndNote; readonly wantsCookie: boolean };

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
  const isIncomplete = form === 'page' && (messageId === null || !request.query.has('origin'));
  if (isIncomplete) return failed('invalidRequest');
  const origin = targetOf(request);
  // It is the viewer that has to be put right, whatever the error is called.
  if (request.query.has('origin') && origin === null) return { ...failed('invalidOrigin'), texts: TOKEN_ERROR_TEXTS.invalidRequest };
  try {
    const service = await findService(deps, serviceNameOf(request, deps));
    if (service === null) return failed('invalidRequest');
    const closed = closedTexts(service, deps.clock.now());
    // Both specifications call it so where a service is shut for a time: nothing is wrong with what the reader has.
    if (closed !== null) return { ...failed('unavailable'), texts: closed };
    if (deps.seating.hasSeats(service.name)) {
      const full = await fullTexts(deps, request, service);
      if (full !== null) return { ...failed('unavailable'), texts: full };
    }
    const asked = { service: service.name, origin, cookies: request.cookies, address: request.address };
    const issued = await (isActive(service) ? issueAccessToken(deps, asked) : issueTokenToAnyOrigin(deps, service, asked));
    if (issued.kind === 'denied') return deniedTo(request, issued.profile, service);
    const setCookie = isFrameElsewhere(request) ? await copySession(deps, request, issued.session) : [];
    return { kind: 'issued', token: { accessToken: issued.token, expiresIn: issued.expiresInSeconds }, setCookie };
  } catch (error) {
    deps.onFailure(error);
    return failed('unavailable');
  }
}

/** What to say where a seat of the item is all that the reader lacks; null where it is not. */
async function fullTexts(deps: AccessDeps, request: HttpRequest, { name }: AccessService): Promise<HeadingAndNote | null> {
  const visitor = await deps.recognise(request, 'content');
  const seats = (await deps.seating.isFull(visitor, name))
    ? findPolicy(deps.access(), parseServiceName(name).path ?? '')?.seats
    : undefined;
  return seats === undefined ? null : seatsTexts(seats.count);
}

function failed(error: TokenError, service: AccessService | null = null): Outcome & { readonly kind: 'error' } {
  return { kind: 'error', error, texts: tokenErrorTexts(error, service), wantsCookie: false };
}

/** Where the cookie is what is missing, whoever asks is told what keeps it away. */
function deniedTo(request: HttpRequest, error: TokenError, service: AccessService): Outcome {
  const wantsCookie = (error === 'missingAspect' || error === 'invalidAspect') && countsByCookie(service);
  const denied = { ...failed(error, service), wantsCookie };
  if (!wantsCookie || !isCookieWithheld(request)) return denied;
  const where = [`${request.base}/`, `${request.base}/browser-check`] as const;
  return { ...denied, texts: isActive(service) ? cookieWithheldTexts(...where) : withWithheldNote(denied.texts, ...where) };
}

/** Browsers that know partitioned cookies say both; on our own site the ordinary cookie is always sent. */
function isFrameElsewhere(request: HttpRequest): boolean {
  return request.header('sec-fetch-dest') === 'iframe' && request.header('sec-fetch-site') === 'cross-site';
}

/**
 * For the pictures that come after: the frame's own jar is open to them in browsers that keep the ordinary cookie back.
 * Nothing is copied for whoever brought no cookie, but an address.
 */
async function copySession(deps: AccessDeps, request: HttpRequest, session: Session): Promise<readonly string[]> {
  const key = request.cookies.has(COOKIE_NAMES.access) ? await partitionSession(deps, session, request.cookies) : null;
  return key === null ? [] : [partitionedCookie(key, deps.clock.now(), deps.cookiePath)];
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
  const wantsCookie = outcome.kind === 'error' && outcome.wantsCookie;
  const html = tokenPage({
    base: request.base,
    lang: languageOf(request),
    message: version === 1 ? message1(request, messageId, outcome) : message2(messageId, outcome),
    targetOrigin: targetOf(request),
    error: outcome.kind === 'error' ? errorTexts(request, outcome.texts) : null,
    mayAskForCookie: wantsCookie && mayAskForStorageAccess(request),
  });
  return page(200, html, {
    'content-security-policy': TOKEN_PAGE_POLICY,
    'referrer-policy': 'no-referrer',
    vary: VARY_STORAGE_ACCESS,
    'set-cookie': outcome.kind === 'issued' ? outcome.setCookie : [],
    ...(wantsCookie ? activateStorageAccess(request) : {}),
  });
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
    const milliseconds = await deps.brake.delayMilliseconds(key);
    if (milliseconds === 0 || heldBack >= MOST_HELD_BACK) return;
    heldBack += 1;
    try {
      await deps.wait(milliseconds, request.signal);
    } finally {
      heldBack -= 1;
    }
  };
}
