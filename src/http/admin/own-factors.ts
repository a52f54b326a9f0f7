import {
  type AddedSecondFactor,
  addOneTimeCodes,
  addPasskey,
  offerOneTimeCodes,
  offerPasskey,
} from '../../flows/admin/second-factor/add-second-factor.ts';
import { makeRecoveryCodes } from '../../flows/admin/second-factor/recovery-codes.ts';
import { removeOwnFactor } from '../../flows/admin/second-factor/remove-second-factor.ts';
import { addAppPage, addPasskeyPage, recoveryCodesPage } from '../../ui/admin/pages/add-factor.ts';
import { rootOf } from '../access/access-page.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { type Admin, adminForm, adminFrame, adminPage, done, formToken } from './guard.ts';
import { siteOf } from './passkey-request.ts';

const APP = 'add an app';
const PASSKEY = 'add a passkey';
export const REMOVE_FACTOR = 'remove a second factor';
export const RECOVERY_CODES = 'make recovery codes';

/** `/admin/you/app` */
export function createAddApp(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => appReply(deps, request, admin, 200, { name: '', sealed: null, error: null }));
}

export function createSubmitApp(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: APP, recent: true }, async (request, admin, form) => {
    const [sealed, name] = [form.get('sealed') ?? '', form.get('name') ?? ''];
    const added = await addOneTimeCodes(deps, admin, { sealed, name, code: form.get('code') ?? '', address: request.address });
    if (added.kind === 'not-accepted') return appReply(deps, request, admin, 400, { name, sealed, error: added.sentence });
    return addedReply(deps, request, admin, added);
  });
}

/** `/admin/you/passkey` */
export function createAddPasskey(deps: AdminDeps): Handler {
  return adminPage(deps, (request, admin) => passkeyReply(deps, request, admin, 200, { name: '', error: null }));
}

export function createSubmitPasskey(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: PASSKEY, recent: true }, async (request, admin, form) => {
    const [answer, challenge, name] = [form.get('passkey') ?? '', form.get('challenge') ?? '', form.get('name') ?? ''];
    const added = await addPasskey(deps, admin, { site: siteOf(request), answer, challenge, name, address: request.address });
    if (added.kind === 'not-accepted') return passkeyReply(deps, request, admin, 400, { name, error: added.sentence });
    return addedReply(deps, request, admin, added);
  });
}

/** `/admin/you/factors`: removes one. */
export function createSubmitOwnFactor(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: REMOVE_FACTOR, recent: true }, async (request, admin, form) => {
    await removeOwnFactor(deps, admin, { id: form.get('factor') ?? '', address: request.address });
    return done(request, '/admin/you', 'factor-removed');
  });
}

/** `/admin/you/recovery-codes`: new ones, shown in the answer and nowhere else. */
export function createSubmitRecoveryCodes(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: RECOVERY_CODES, recent: true }, async (request, admin) => {
    if ((await deps.secondFactors.list(admin.user.id)).length === 0) return done(request, '/admin/you', 'no-factor');
    const codes = await makeRecoveryCodes(deps, admin.user, request.address);
    return page(200, recoveryCodesPage(adminFrame(deps, request, admin), codes));
  });
}

function addedReply(deps: AdminDeps, request: HttpRequest, admin: Admin, added: Extract<AddedSecondFactor, { kind: 'added' }>): Reply {
  if (added.recoveryCodes === null) return done(request, '/admin/you', 'factor-added');
  return page(200, recoveryCodesPage(adminFrame(deps, request, admin), added.recoveryCodes));
}

function appReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  status: number,
  { sealed: former, ...shown }: { readonly name: string; readonly sealed: string | null; readonly error: string | null },
): Reply {
  const offer = offerOneTimeCodes(deps, admin, siteOf(request).host, former);
  const action = `${rootOf(request)}/admin/you/app`;
  return page(
    status,
    addAppPage(adminFrame(deps, request, admin), { action, formToken: formToken(deps, request, APP), ...offer, ...shown }),
  );
}

async function passkeyReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  status: number,
  shown: { readonly name: string; readonly error: string | null },
): Promise<Reply> {
  const asked = await offerPasskey(deps, admin, siteOf(request));
  const action = `${rootOf(request)}/admin/you/passkey`;
  return page(
    status,
    addPasskeyPage(adminFrame(deps, request, admin), { action, formToken: formToken(deps, request, PASSKEY), asked, ...shown }),
  );
}
