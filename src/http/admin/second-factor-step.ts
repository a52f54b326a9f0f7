import type { User } from '../../domain/session.ts';
import { checkSecondFactor } from '../../flows/admin/second-factor/check-second-factor.ts';
import { readPending } from '../../flows/admin/second-factor/pending-sign-in.ts';
import { PROBLEMS } from '../../lib/problems.ts';
import { secondFactorPage } from '../../ui/admin/pages/second-factor.ts';
import { throttledSentence } from '../access/access-notices.ts';
import { noticeReply, rootOf } from '../access/access-page.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { signInAddress } from './admin-return.ts';
import { admitFully } from './admit.ts';
import { askPasskey, readProof, siteOf } from './passkey-request.ts';

const PURPOSE = 'admin second factor';
const PATH = '/admin/sign-in/second-factor';

/** `/admin/sign-in/second-factor?return=/admin/…`: the second step, for whoever has done the first one. */
export function createSecondFactorStep(deps: AdminDeps): Handler {
  return async (request) => {
    const user = await readPending(deps, request.cookies);
    return user === null ? startAgain(request) : stepReply(deps, request, user, 200, null);
  };
}

export function createSubmitSecondFactorStep(deps: AdminDeps): Handler {
  return async (request) => {
    const form = await request.form();
    if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
    const user = await readPending(deps, request.cookies);
    const proof = readProof(form);
    if (user === null || proof === null) return startAgain(request);
    const { address } = request;
    const checked = await checkSecondFactor(deps, user, { proof, site: siteOf(request), address, purpose: 'second-factor' });
    if (checked === 'right') return admitFully(deps, request, user, request.query.get('return'));
    if (checked === null) return stepReply(deps, request, user, 401, WRONG[proof.kind]);
    return stepReply(deps, request, user, PROBLEMS[checked.code].status, throttledSentence('en', checked.retryAfterSeconds ?? 60));
  };
}

const WRONG = {
  code: 'This code is not right, or it was used before. Wait for the next one.',
  passkey: 'This passkey could not be checked. Please try once more.',
} as const;

function startAgain(request: HttpRequest): Reply {
  return seeOther(rootOf(request) + signInAddress(request.query.get('return') ?? '/admin'));
}

async function stepReply(deps: AdminDeps, request: HttpRequest, user: User, status: number, error: string | null): Promise<Reply> {
  const factors = await deps.secondFactors.list(user.id);
  if (factors.length === 0) return startAgain(request);
  const { formToken, setCookie } = deps.forms.prepare(request, PURPOSE);
  const back = request.query.get('return') ?? '/admin';
  const html = secondFactorPage({
    base: request.base,
    userName: user.name,
    action: rootOf(request) + signInAddress(back, PATH),
    formToken,
    error,
    hasApp: factors.some(({ kind }) => kind === 'one-time-codes'),
    passkey: factors.some(({ kind }) => kind === 'passkey') ? await askPasskey(deps, request, { purpose: 'second-factor', user }) : null,
    again: rootOf(request) + signInAddress(back),
  });
  return page(status, html, { 'set-cookie': setCookie });
}
