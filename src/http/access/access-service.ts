/**
 * The access service, one URL for both specifications.
 * https://iiif.io/api/auth/2.0/#access-service
 * https://iiif.io/api/auth/1.0/#access-cookie-service
 *
 * No answer here carries `Cross-Origin-Opener-Policy`: the viewer would take the window for closed at once.
 */
import type { AccessService } from '../../domain/access.ts';
import { closedTexts } from '../../domain/offered-services.ts';
import { type SignOnTarget, sourcesOf } from '../../domain/sign-on.ts';
import { agreeToTerms, declineTerms } from '../../flows/agree-to-terms.ts';
import { continueToViewer } from '../../flows/continue-to-viewer.ts';
import { enterKiosk } from '../../flows/enter-kiosk.ts';
import { findService } from '../../flows/find-service.ts';
import { findLiveSession } from '../../flows/find-session.ts';
import { openAccessService } from '../../flows/open-access-service.ts';
import type { OpenedSession } from '../../flows/open-session.ts';
import { signIn } from '../../flows/sign-in.ts';
import { parseOrigin } from '../../iiif/auth/origin.ts';
import { isActive } from '../../iiif/auth/service-description.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { isRefusal } from '../../lib/problems.ts';
import { continuePage } from '../../ui/pages/continue.ts';
import { signInPage } from '../../ui/pages/sign-in.ts';
import { termsPage } from '../../ui/pages/terms.ts';
import { type WindowDoneKind, windowDonePage } from '../../ui/pages/window-done.ts';
import { offerSources, soleOutsideSource } from '../identity/offered-sources.ts';
import { startHref } from '../identity/sign-on-target.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import type { AccessDeps } from './access-deps.ts';
import {
  closedReply,
  elsewhereReply,
  languageOf,
  noticeReply,
  rootOf,
  serviceLanguage,
  textsOf,
  throttledReply,
  waitingHref,
  waitingReply,
} from './access-page.ts';
import { openedCookies } from './opened-cookies.ts';
import { serviceNameOf } from './service-name.ts';
import { failedSignIn, type SignInFailure } from './sign-in-failure.ts';
import { isWindow } from './window-request.ts';

export function createAccessService(deps: AccessDeps): Handler {
  return async (request) => {
    const viewer = readViewer(request);
    if (viewer === null) return noticeReply(request, 'request.malformed');
    const opened = await openAccessService(deps, serviceNameOf(request, deps), request);
    if (isRefusal(opened)) return noticeReply(request, 'not-found');
    const { service } = opened;
    if (opened.step === 'closed') return closedReply(request, service, opened.texts);
    const waited = request.query.has('wait') ? await waitForSeat(deps, request, service) : null;
    if (waited !== null) return waited;
    if (opened.step === 'elsewhere') return elsewhereReply(request, service);
    if (opened.step === 'enter') return answerKiosk(deps, request, service, viewer);
    if (opened.step === 'sign-in') return beginSignIn(deps, request, { service, viewer, signedInAs: opened.signedInAs });

    const { formToken, setCookie } = deps.forms.prepare(request, purposeOf(service));
    const frame = { ...frameOf(deps, request, service, viewer), formToken };
    const html =
      opened.step === 'continue'
        ? continuePage({ ...frame, userName: opened.userName })
        : termsPage({ ...frame, alreadyAgreed: opened.alreadyAgreed });
    return page(200, html, { 'set-cookie': setCookie });
  };
}

export function createSubmitAccessService(deps: AccessDeps): Handler {
  return async (request) => {
    const viewer = readViewer(request);
    if (viewer === null) return noticeReply(request, 'request.malformed');
    const service = await findService(deps, serviceNameOf(request, deps));
    if (service === null || !isActive(service)) return noticeReply(request, 'not-found');
    const closed = closedTexts(service, deps.clock.now());
    if (closed !== null) return closedReply(request, service, closed);
    const form = await request.form();
    if (deps.forms.check(request, form, purposeOf(service)) !== null) return noticeReply(request, 'request.cross-site');
    return service.pattern === 'clickthrough'
      ? answerTerms(deps, request, service, viewer, form)
      : answerSignIn(deps, request, service, viewer, form);
  };
}

/** Nobody clicks, so that a picture or a frame of some page must not be able to open a session: a window only. */
async function answerKiosk(deps: AccessDeps, request: HttpRequest, service: AccessService, viewer: ViewerOrigin): Promise<Reply> {
  if (!isWindow(request)) return noticeReply(request, 'request.cross-site');
  const outcome = await enterKiosk(deps, service, request);
  return isRefusal(outcome) ? throttledReply(request, outcome) : goOn(deps, request, { service, viewer }, outcome.opened);
}

async function answerTerms(deps: AccessDeps, request: HttpRequest, service: AccessService, viewer: ViewerOrigin, form: URLSearchParams) {
  if (form.get('answer') === 'agree') {
    const { cookies, address } = request;
    const outcome = await agreeToTerms(deps, { service, origin: viewer.origin, cookies, address });
    return isRefusal(outcome) ? throttledReply(request, outcome) : goOn(deps, request, { service, viewer }, outcome.opened);
  }
  await declineTerms(deps, service, request.cookies);
  return donePage(request, 'declined', []);
}

async function answerSignIn(deps: AccessDeps, request: HttpRequest, service: AccessService, viewer: ViewerOrigin, form: URLSearchParams) {
  const answer = form.get('answer');
  if (answer === 'switch') return askAgain(deps, request, service, viewer);
  if (answer === 'continue') {
    const outcome = await continueToViewer(deps, service, viewer.origin, request.cookies);
    // The session ended while the page stood open.
    if (outcome.kind === 'not-signed-in') return askAgain(deps, request, service, viewer);
    return goOn(deps, request, { service, viewer }, outcome.opened);
  }
  const name = form.get('user') ?? '';
  const outcome = await signIn(deps, {
    name,
    password: form.get('password') ?? '',
    address: request.address,
    cookies: request.cookies,
    sources: sourcesOf(service),
    grants: [{ service: service.name, origin: viewer.origin }],
  });
  if (outcome.kind === 'signed-in') return goOn(deps, request, { service, viewer }, outcome.opened);
  const failure = failedSignIn(languageOf(request), outcome);
  return signInReply(deps, request, { service, viewer, signedInAs: null, userName: name, failure });
}

async function askAgain(deps: AccessDeps, request: HttpRequest, service: AccessService, viewer: ViewerOrigin): Promise<Reply> {
  const live = await findLiveSession(deps, request.cookies, 'session');
  return signInReply(deps, request, { service, viewer, signedInAs: live?.user?.name ?? null, userName: '', failure: null });
}

/** Where there is nothing to choose and nothing to type, a window goes to the source at once. */
function beginSignIn(deps: AccessDeps, request: HttpRequest, shown: Pick<SignInShown, 'service' | 'viewer' | 'signedInAs'>): Reply {
  const sole = shown.signedInAs === null && isWindow(request) ? soleOutsideSource(deps, sourcesOf(shown.service)) : null;
  if (sole !== null) return seeOther(startHref(rootOf(request), sole.name, targetOf(request, shown), null));
  return signInReply(deps, request, { ...shown, userName: '', failure: null });
}

function targetOf(request: HttpRequest, { service, viewer }: Pick<SignInShown, 'service' | 'viewer'>): SignOnTarget {
  return { kind: 'service', service: service.name, origin: request.query.has('origin') ? viewer.origin : null };
}

interface SignInShown {
  readonly service: AccessService;
  readonly viewer: ViewerOrigin;
  readonly signedInAs: string | null;
  readonly userName: string;
  readonly failure: SignInFailure | null;
}

function signInReply(deps: AccessDeps, request: HttpRequest, shown: SignInShown): Reply {
  const choices = offerSources(deps, request, sourcesOf(shown.service), targetOf(request, shown));
  const { formToken, setCookie } = deps.forms.prepare(request, purposeOf(shown.service));
  const html = signInPage({
    ...frameOf(deps, request, shown.service, shown.viewer),
    choices,
    formToken,
    error: shown.failure?.sentence ?? null,
    userName: shown.userName,
    signedInAs: shown.signedInAs,
  });
  return page(shown.failure?.status ?? 200, html, { 'set-cookie': setCookie, ...shown.failure?.headers });
}

const DONE = { login: 'signed-in', clickthrough: 'agreed', kiosk: 'entered', external: 'entered' } as const satisfies Record<
  AccessService['pattern'],
  WindowDoneKind
>;

/** What the service asks for is done. For an item with seats, one is still to be got, or waited for. */
async function goOn(
  deps: AccessDeps,
  request: HttpRequest,
  { service, viewer }: Pick<SignInShown, 'service' | 'viewer'>,
  opened: OpenedSession | null,
): Promise<Reply> {
  const setCookie = opened === null ? [] : await openedCookies(deps, request, opened);
  if (!deps.seating.hasSeats(service.name)) return donePage(request, DONE[service.pattern], setCookie);
  return seeOther(waitingHref(frameOf(deps, request, service, viewer).action), { 'set-cookie': setCookie });
}

/** Null for whoever has not been through the service, or no longer. */
async function waitForSeat(deps: AccessDeps, request: HttpRequest, service: AccessService): Promise<Reply | null> {
  const visitor = await deps.recognise(request, 'page');
  if (!visitor.services.has(service.name)) return null;
  const outcome = await deps.seating.wait(visitor, service.name);
  return outcome?.kind === 'waiting' ? waitingReply(request, outcome.place) : donePage(request, DONE[service.pattern], []);
}

function donePage(request: HttpRequest, kind: WindowDoneKind, setCookie: readonly string[]): Reply {
  return page(200, windowDonePage({ base: request.base, lang: languageOf(request), kind }), { 'set-cookie': setCookie });
}

interface ViewerOrigin {
  /** What access is granted for. */
  readonly origin: string;
  /** What the page names; null for our own pages. */
  readonly shown: string | null;
}

/** Null for an `origin` that is none. Without the parameter, access is for our own pages. */
function readViewer(request: HttpRequest): ViewerOrigin | null {
  const given = request.query.get('origin');
  if (given === null) return { origin: request.origin, shown: null };
  const origin = parseOrigin(given);
  if (origin === null) return null;
  return { origin, shown: origin === request.origin ? null : origin };
}

function frameOf({ slashSubstitute }: AccessDeps, request: HttpRequest, service: AccessService, viewer: ViewerOrigin) {
  const path = authUris(rootOf(request), slashSubstitute).access(service.name);
  return {
    base: request.base,
    lang: serviceLanguage(request, service),
    service: textsOf(request, service),
    action: request.query.has('origin') ? `${path}?origin=${encodeURIComponent(viewer.origin)}` : path,
    viewerOrigin: viewer.shown,
  };
}

function purposeOf(service: AccessService): string {
  return `access-service/${service.name}`;
}
