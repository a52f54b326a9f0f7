import type { Proof } from '../../flows/admin/confirm-admin.ts';
import { confirmAdmin } from '../../flows/admin/confirm-admin.ts';
import type { Admin } from '../../flows/admin/find-admin.ts';
import { isRefusal, PROBLEMS } from '../../lib/problems.ts';
import type { AdminFrame } from '../../ui/admin/document.ts';
import { CONFIRM_FIELDS, CONFIRM_PREFIX, confirmPage } from '../../ui/admin/pages/confirm.ts';
import { throttledSentence } from '../access/access-notices.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import { adminCookie } from './admin-cookie.ts';
import type { AdminDeps } from './admin-deps.ts';
import { addressOf } from './admin-return.ts';
import { askPasskey, readProof, siteOf } from './passkey-request.ts';

/** A form that waits until its sender has proved again who it is. */
export interface WaitingForm {
  readonly request: HttpRequest;
  readonly admin: Admin;
  readonly form: URLSearchParams;
  readonly formToken: string;
  readonly frame: AdminFrame;
  answer(request: HttpRequest, admin: Admin, form: URLSearchParams): Promise<Reply>;
}

/** The answer to the form where the proof is in it, else the page that asks for one and carries along what was typed. */
export async function confirmFirst(deps: AdminDeps, waiting: WaitingForm): Promise<Reply> {
  const { request, admin, form } = waiting;
  const carried = new URLSearchParams([...form].filter(([name]) => name !== 'form-token' && !CONFIRM_FIELDS.has(name)));
  const proof = proofIn(form);
  if (proof === null) return ask(deps, waiting, carried, 403, null);
  const confirmed = await confirmAdmin(deps, admin, { proof, site: siteOf(request), address: request.address });
  if (confirmed === null) return ask(deps, waiting, carried, 403, WRONG[proof.kind]);
  if (isRefusal(confirmed)) {
    return ask(deps, waiting, carried, PROBLEMS[confirmed.code].status, throttledSentence('en', confirmed.retryAfterSeconds ?? 60));
  }
  const reply = await waiting.answer(request, { ...admin, session: { ...admin.session, confirmedAt: deps.clock.now() } }, carried);
  return { ...reply, headers: { ...reply.headers, 'set-cookie': [adminCookie(deps, confirmed), ...setCookies(reply)] } };
}

const WRONG: Readonly<Record<Proof['kind'], string>> = {
  password: 'That is not your password.',
  code: 'This code is not right, or it was used before. Wait for the next one.',
  passkey: 'This passkey could not be checked. Please try once more.',
};

function proofIn(form: URLSearchParams): Proof | null {
  const password = form.get(`${CONFIRM_PREFIX}password`);
  return password === null ? readProof(form, CONFIRM_PREFIX) : { kind: 'password', password };
}

async function ask(deps: AdminDeps, waiting: WaitingForm, carried: URLSearchParams, status: number, error: string | null): Promise<Reply> {
  const { request, admin, formToken, frame } = waiting;
  const factors = await deps.secondFactors.list(admin.user.id);
  const hasPasskey = factors.some(({ kind }) => kind === 'passkey');
  const html = confirmPage(frame, {
    action: addressOf(request),
    formToken,
    carried: [...carried],
    error,
    hasPassword: (await deps.users.findPasswordHash(admin.user.id)) !== null,
    hasApp: factors.some(({ kind }) => kind === 'one-time-codes'),
    passkey: hasPasskey ? await askPasskey(deps, request, { purpose: 'confirm', user: admin.user }) : null,
  });
  return page(status, html);
}

function setCookies(reply: Reply): readonly string[] {
  const cookies = reply.headers['set-cookie'] ?? [];
  return typeof cookies === 'string' ? [cookies] : cookies;
}
