/**
 * `/identity/{name}/start`: where the links of sign-in pages lead, and windows whose service has one source only. Beginning
 * changes nothing: what comes back is judged, and whoever came without a click on a page of ours is asked for one.
 */
import { identityRefused, identityUnavailable, type RedirectIdentitySource } from '../../domain/identity.ts';
import { type KnownSource, type SignOnTarget, sourcesOf } from '../../domain/sign-on.ts';
import { findService } from '../../flows/find-service.ts';
import { startSignOn, tooManyStarts } from '../../flows/start-sign-on.ts';
import { isTestLink } from '../../flows/test-source.ts';
import { isRefusal } from '../../lib/problems.ts';
import type { AccessDeps } from '../access/access-deps.ts';
import { noticeReply, rootOf, throttledReply } from '../access/access-page.ts';
import { sourcesOfOwnPage } from '../access/login-services.ts';
import { isWindow } from '../access/window-request.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { seeOther } from '../server/reply.ts';
import { answerSignOn, refusedReply } from './answer-sign-on.ts';
import { browserKey } from './browser-key.ts';
import { identityAddresses } from './identity-addresses.ts';
import { soleOutsideSource } from './offered-sources.ts';
import { pageOfTarget, readTarget, SIGN_ON_PURPOSE } from './sign-on-target.ts';

export function createIdentityStart(deps: AccessDeps): Handler {
  return async (request) => {
    const known = deps.identitySources().get(request.params['name'] ?? '');
    const target = readTarget(request.query);
    if (known === undefined || target === null) return noticeReply(request, 'not-found');
    const listed = await sourcesOfTarget(deps, target, known.name);
    if (!listed.includes(known.name)) return noticeReply(request, 'not-found');
    const clicked = deps.forms.check(request, request.query, SIGN_ON_PURPOSE) === null;
    const atOnce = (target.kind === 'service' || target.kind === 'test') && soleOutsideSource(deps, listed) !== null && isWindow(request);
    if ((!clicked && !atOnce) || known.source.flow === 'password') {
      return seeOther(pageOfTarget(rootOf(request), target, deps.slashSubstitute));
    }
    if (known.source.flow === 'redirect') return leave(deps, request, { source: known.source, known, target, clicked });
    const waitSeconds = await deps.starts.take(request.address);
    if (waitSeconds > 0) return throttledReply(request, tooManyStarts(waitSeconds));
    const outcome = known.source.read({ peer: request.raw.peer, rawHeaders: request.raw.headers });
    return answerSignOn(deps, request, {
      known,
      outcome: outcome ?? identityRefused('identity.proxy', `no proxy named anybody on the way to ${request.path}`),
      begun: { target, clicked, sessionId: null },
    });
  };
}

/** Which sources may lead there. */
async function sourcesOfTarget(deps: AccessDeps, target: SignOnTarget, name: string): Promise<readonly string[]> {
  if (target.kind === 'admin') return [...deps.identitySources().keys()];
  if (target.kind === 'test') return isTestLink(deps, target.link, name) ? [name] : [];
  if (target.kind === 'page') return sourcesOfOwnPage(deps);
  const service = await findService(deps, target.service);
  return service?.pattern === 'login' ? sourcesOf(service) : [];
}

interface Leave {
  readonly known: KnownSource;
  readonly source: RedirectIdentitySource;
  readonly target: SignOnTarget;
  readonly clicked: boolean;
}

async function leave(deps: AccessDeps, request: HttpRequest, { source, target, clicked }: Leave): Promise<Reply> {
  const addresses = identityAddresses(deps, request, source.name);
  if (addresses === null) return refusedReply(deps, request, identityUnavailable('publicUrl is not set'), target);
  const { secret, setCookie } = browserKey(deps, request);
  const { cookies, address } = request;
  const outcome = await startSignOn(deps, { source, addresses, browserSecret: secret, target, clicked, cookies, address });
  if (isRefusal(outcome)) return throttledReply(request, outcome);
  if ('outcome' in outcome) {
    await deps.audit.record({ action: 'sign-in.failed', address, detail: `${source.name}: unavailable: ${outcome.privateDetail}` });
    return refusedReply(deps, request, outcome, target);
  }
  return seeOther(outcome.url, { 'set-cookie': [setCookie] });
}
