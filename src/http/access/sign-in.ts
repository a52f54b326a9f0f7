import { findLiveSession } from '../../flows/find-session.ts';
import { signIn } from '../../flows/sign-in.ts';
import { signInPage } from '../../ui/pages/sign-in.ts';
import { textsIn } from '../../ui/texts.ts';
import { offerSources } from '../identity/offered-sources.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import type { AccessDeps } from './access-deps.ts';
import { languageOf, noticeReply, rootOf } from './access-page.ts';
import { loginServices, sourcesOfOwnPage } from './login-services.ts';
import { openedCookies } from './opened-cookies.ts';
import { returnPath } from './return-path.ts';
import { failedSignIn, type SignInFailure } from './sign-in-failure.ts';

const PURPOSE = 'sign-in';

/** `/sign-in?return=/…`: signing in on our own pages. */
export function createSignIn(deps: AccessDeps): Handler {
  return async (request) => {
    const live = await findLiveSession(deps, request.cookies, 'session');
    return signInReply(deps, request, { signedInAs: live?.user?.name ?? null, userName: '', failure: null });
  };
}

/** A success opens every access service that signs in, for our own origin: the viewers that we serve ask no more. One for each item is opened there. */
export function createSubmitSignIn(deps: AccessDeps): Handler {
  return async (request) => {
    const form = await request.form();
    if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
    const name = form.get('user') ?? '';
    const outcome = await signIn(deps, {
      name,
      password: form.get('password') ?? '',
      address: request.address,
      cookies: request.cookies,
      sources: sourcesOfOwnPage(deps),
      grants: loginServices(deps).map(({ name: service }) => ({ service, origin: request.origin })),
    });
    if (outcome.kind !== 'signed-in') {
      return signInReply(deps, request, { signedInAs: null, userName: name, failure: failedSignIn(languageOf(request), outcome) });
    }
    return seeOther(rootOf(request) + returnPath(request.query.get('return')), {
      'set-cookie': await openedCookies(deps, request, outcome.opened),
    });
  };
}

function signInReply(
  deps: AccessDeps,
  request: HttpRequest,
  shown: { readonly signedInAs: string | null; readonly userName: string; readonly failure: SignInFailure | null },
): Reply {
  const { formToken, setCookie } = deps.forms.prepare(request, PURPOSE);
  const lang = languageOf(request);
  const back = returnPath(request.query.get('return'));
  const choices = offerSources(deps, request, sourcesOfOwnPage(deps), { kind: 'page', path: back });
  const html = signInPage({
    base: request.base,
    lang,
    service: { name: PURPOSE, label: textsIn(lang).signInHeading, heading: null, note: null, confirmLabel: null },
    action: `${rootOf(request)}/sign-in${back === '/' ? '' : `?return=${encodeURIComponent(back)}`}`,
    choices,
    formToken,
    error: shown.failure?.sentence ?? null,
    userName: shown.userName,
    viewerOrigin: null,
    signedInAs: shown.signedInAs,
  });
  return page(shown.failure?.status ?? 200, html, { 'set-cookie': setCookie, ...shown.failure?.headers });
}
