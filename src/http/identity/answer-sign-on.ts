import { type IdentityOutcome, type IdentityRefused, type IdentityUnavailable, identityRefused } from '../../domain/identity.ts';
import type { KnownSource, SignOnTarget } from '../../domain/sign-on.ts';
import { admitPerson, keepPerson, type Person } from '../../flows/admit-person.ts';
import type { Begun } from '../../flows/start-sign-on.ts';
import { describeTest, spendTestLink } from '../../flows/test-source.ts';
import { identityTestPage } from '../../ui/admin/pages/identity-test.ts';
import { signOnRefusedPage } from '../../ui/pages/sign-on-refused.ts';
import { windowDonePage } from '../../ui/pages/window-done.ts';
import type { AccessDeps } from '../access/access-deps.ts';
import { languageOf, rootOf, waitingHref } from '../access/access-page.ts';
import { loginServices } from '../access/login-services.ts';
import { openedCookies } from '../access/opened-cookies.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import { refusalSentence } from './sign-on-notices.ts';
import { pageOfTarget } from './sign-on-target.ts';

/** Where somebody who is signed in goes on. */
type Destination = Extract<SignOnTarget, { readonly kind: 'service' | 'page' }>;

/** What a source said, and what the sign-on was for; `begun` is null where no sign-on of this browser was pending. */
interface Answered {
  readonly known: KnownSource;
  readonly outcome: IdentityOutcome;
  readonly begun: Begun | null;
}

/** Goes on where the visitor was, or says why not. */
export async function answerSignOn(deps: AccessDeps, request: HttpRequest, { known, outcome, begun }: Answered): Promise<Reply> {
  if (begun?.target.kind === 'test') return showTest(deps, request, { known, outcome, link: begun.target.link });
  if (outcome.outcome !== 'identified') {
    await recordRefusal(deps, request, known, outcome, begun?.target ?? null);
    return refusedReply(deps, request, outcome, begun?.target ?? null);
  }
  // No source identifies anybody for a sign-on that was not pending.
  if (begun === null) throw new Error(`${known.name} answered a question that nobody asked`);
  const person = { ...outcome, known };
  if (begun.target.kind === 'admin') return admitAdministrator(deps, request, person, begun.target);
  return admit(deps, request, person, { ...begun, target: begun.target });
}

/** The session is one of the administration, and opens nothing else. */
async function admitAdministrator(
  deps: AccessDeps,
  request: HttpRequest,
  { known, identity }: Person,
  target: Extract<SignOnTarget, { readonly kind: 'admin' }>,
): Promise<Reply> {
  const user = await keepPerson(deps, known, identity);
  if (user.disabledAt === null) return deps.admitAdministrator(request, user, target.path);
  const { address } = request;
  await deps.audit.record({
    action: 'administrator.sign-in.failed',
    address,
    target: user.name,
    detail: `${known.name}: the user is disabled`,
  });
  return refusedReply(deps, request, 'disabled', target);
}

async function showTest(
  deps: AccessDeps,
  request: HttpRequest,
  { known, outcome, link }: Omit<Answered, 'begun'> & { readonly link: string },
): Promise<Reply> {
  if (!(await spendTestLink(deps, link)))
    return refusedReply(deps, request, identityRefused('identity.replayed', 'a test is done once'), null);
  const test = await describeTest(deps, known, outcome);
  const detail = test.outcome.kind === 'refused' ? `${test.outcome.code}: ${test.outcome.privateDetail}` : 'identified';
  await deps.audit.record({ action: 'identity.tested', address: request.address, target: known.name, detail });
  return page(200, identityTestPage(request.base, test));
}

/** For a source that cannot even be asked. */
export function refusedReply(
  deps: AccessDeps,
  request: HttpRequest,
  outcome: IdentityRefused | IdentityUnavailable | 'disabled',
  target: SignOnTarget | null,
): Reply {
  const lang = languageOf(request);
  const again = target === null ? `${rootOf(request)}/` : pageOfTarget(rootOf(request), target, deps.slashSubstitute);
  const code = outcome === 'disabled' || outcome.outcome === 'unavailable' ? null : outcome.code;
  const html = signOnRefusedPage({ base: request.base, lang, sentence: refusalSentence(lang, outcome), code, again });
  const isUnavailable = outcome !== 'disabled' && outcome.outcome === 'unavailable';
  return isUnavailable ? page(503, html, { 'retry-after': '30' }) : page(403, html);
}

async function admit(
  deps: AccessDeps,
  request: HttpRequest,
  person: Person,
  { target, clicked, sessionId }: Begun & { readonly target: Destination },
): Promise<Reply> {
  const { cookies, address } = request;
  const grants = grantsFor(deps, request, target, clicked);
  const outcome = await admitPerson(deps, person, { cookies, address, sessionId, grants });
  if (outcome.kind === 'disabled') return refusedReply(deps, request, 'disabled', target);
  const headers = { 'set-cookie': await openedCookies(deps, request, outcome.opened) };
  if (target.kind === 'page') return seeOther(rootOf(request) + target.path, headers);
  if (!clicked) return seeOther(pageOfTarget(rootOf(request), target, deps.slashSubstitute), headers);
  if (deps.seating.hasSeats(target.service)) {
    return seeOther(waitingHref(pageOfTarget(rootOf(request), target, deps.slashSubstitute)), headers);
  }
  return page(200, windowDonePage({ base: request.base, lang: languageOf(request), kind: 'signed-in' }), headers);
}

/** Whoever was sent on without a click is asked for one, with the name of the viewer beside it, before that viewer gets anything. */
function grantsFor(deps: AccessDeps, request: HttpRequest, target: Destination, clicked: boolean) {
  if (target.kind === 'page') return loginServices(deps).map(({ name: service }) => ({ service, origin: request.origin }));
  return clicked ? [{ service: target.service, origin: target.origin ?? request.origin }] : [];
}

async function recordRefusal(
  { audit }: AccessDeps,
  { address }: HttpRequest,
  known: KnownSource,
  outcome: IdentityRefused | IdentityUnavailable,
  target: SignOnTarget | null,
): Promise<void> {
  const service = target?.kind === 'service' ? target.service : null;
  const what = outcome.outcome === 'refused' ? outcome.code : 'unavailable';
  await audit.record({ action: 'sign-in.failed', address, service, detail: `${known.name}: ${what}: ${outcome.privateDetail}` });
}
