import type { Grant, ListedToken } from '../../domain/session.ts';
import { findSignOn } from '../../flows/find-sign-on.ts';
import { mayUseTokens } from '../../flows/may-use-tokens.ts';
import { endPartOfSession, findOwnSession, type SessionPart } from '../../flows/own-session.ts';
import { type SessionPage, sessionPage } from '../../ui/pages/session.ts';
import { signedOutPage } from '../../ui/pages/signed-out.ts';
import { findSignOutElsewhere } from '../identity/sign-out-elsewhere.ts';
import { clearedSessionCookies } from '../server/cookies.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import type { AccessDeps } from './access-deps.ts';
import { languageOf, noticeReply, rootOf } from './access-page.ts';
import { grantLabel } from './grant-label.ts';

const PURPOSE = 'session';

/** `/session`: what the visitor's own session holds, with buttons to end parts of it, or all. */
export function createSessionPage(deps: AccessDeps): Handler {
  return async (request) => {
    const own = await findOwnSession(deps, request.cookies);
    const frame = { base: request.base, lang: languageOf(request) };
    if (own === null) return page(200, sessionPage({ ...frame, session: null, hasPersonalTokens: false }));
    const { formToken, setCookie } = deps.forms.prepare(request, PURPOSE);
    const session: NonNullable<SessionPage['session']> = {
      action: `${rootOf(request)}/session`,
      formToken,
      userName: own.user?.name ?? null,
      beganAt: own.session.createdAt,
      idleEndsAt: own.idleEndsAt,
      endsAt: own.session.endsAt,
      grants: own.session.grants.map((grant) => ({ ...shown(deps, request, grant), origin: grant.origin, grantedAt: grant.grantedAt })),
      tokens: own.tokens.map((token) => ({ ...shown(deps, request, token), ...tokenParts(token) })),
    };
    return page(200, sessionPage({ ...frame, session, hasPersonalTokens: own.user !== null && (await mayUseTokens(deps, own.user)) }), {
      'set-cookie': setCookie,
    });
  };
}

export function createSubmitSessionPage(deps: AccessDeps): Handler {
  return async (request) => {
    const form = await request.form();
    if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
    const part = readPart(form);
    const signedOn = part?.kind === 'all' ? await findSignOn(deps, request.cookies, 'session') : null;
    const outcome = part === null ? 'part-ended' : await endPartOfSession(deps, request, part);
    const setCookie = outcome === 'session-ended' ? clearedSessionCookies(deps.cookiePath) : [];
    const elsewhere = await findSignOutElsewhere(deps, request, signedOn);
    if (elsewhere !== null) {
      return page(200, signedOutPage({ base: request.base, lang: languageOf(request), elsewhere }), { 'set-cookie': setCookie });
    }
    return seeOther(`${rootOf(request)}/session`, { 'set-cookie': setCookie });
  };
}

function readPart(form: URLSearchParams): SessionPart | null {
  const what = form.get('end');
  if (what === 'all') return { kind: 'all' };
  if (what === 'token') return { kind: 'token', tokenHash: form.get('token') ?? '' };
  if (what === 'grant') return { kind: 'grant', service: form.get('service') ?? '', origin: form.get('origin') ?? '' };
  return null;
}

function tokenParts({ tokenHash, firstLetters, expiresAt }: ListedToken) {
  return { key: tokenHash, firstLetters, endsAt: expiresAt };
}

/** The service by its label, where the access file still knows it. */
function shown(deps: AccessDeps, request: HttpRequest, { service, origin }: Pick<Grant, 'service'> & { readonly origin: string | null }) {
  return {
    service,
    label: grantLabel(deps.access(), request, service),
    origin,
    isOurs: origin === request.origin,
  };
}
