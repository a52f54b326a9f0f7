import {
  covers,
  type ItemGrantId,
  isoGrantEnd,
  type ListedItemGrant,
  parseGrantEnd,
  parseGrantedItems,
  parseGrantNote,
} from '../../domain/item-grant.ts';
import { addItemGrant, changeItemGrantEnd, endItemGrant } from '../../flows/admin/change-item-grants.ts';
import { isRefusal } from '../../lib/problems.ts';
import { type GrantListPage, grantDetailPage, grantListPage } from '../../ui/admin/pages/grants.ts';
import { adminNoticePage } from '../../ui/admin/pages/notice.ts';
import { rootOf } from '../access/access-page.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { type Admin, adminForm, adminFrame, adminPage, done, formToken } from './guard.ts';

const PURPOSE = 'grants';
const SOON_DAYS = 14;
const DAY_MILLISECONDS = 86_400_000;

/** `/admin/grants` */
export function createGrantList(deps: AdminDeps): Handler {
  return adminPage(deps, (request, admin) => {
    const typed = { user: request.query.get('user') ?? '', items: '', until: '', note: '' };
    return listReply(deps, request, admin, { typed, errors: [] });
  });
}

export function createSubmitGrant(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: PURPOSE, recent: true }, async (request, admin, form) => {
    const [user = '', items = '', until = '', note = ''] = ['user', 'items', 'until', 'note'].map((name) => form.get(`new-${name}`) ?? '');
    const typed = { user, items, until, note };
    const found = await deps.users.find(user);
    const parsed = { items: parseGrantedItems(items), until: parseGrantEnd(until, deps.clock.now()), note: parseGrantNote(note) };
    const errors: GrantListPage['errors'] = [
      ...(found === null ? [{ field: 'new-user' as const, sentence: 'There is no such user.' }] : []),
      ...(isRefusal(parsed.items) ? [{ field: 'new-items' as const, sentence: parsed.items.detail }] : []),
      ...(isRefusal(parsed.until) ? [{ field: 'new-until' as const, sentence: parsed.until.detail }] : []),
      ...(isRefusal(parsed.note) ? [{ field: 'new-note' as const, sentence: parsed.note.detail }] : []),
    ];
    if (found === null || isRefusal(parsed.items) || isRefusal(parsed.until) || isRefusal(parsed.note)) {
      return listReply(deps, request, admin, { typed, errors });
    }
    const granted = { items: parsed.items, until: parsed.until, note: parsed.note };
    const grant = await addItemGrant(deps, by(request, admin), found, granted);
    const tooMany = { field: 'new-user' as const, sentence: `${found.name} has too many grants. End some, or give a role.` };
    return grant === null ? listReply(deps, request, admin, { typed, errors: [tooMany] }) : done(request, '/admin/grants', 'item-granted');
  });
}

/** `/admin/grants/{id}` */
export function createGrantDetail(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const grant = await findGrant(deps, request);
    return grant === null ? gone(request) : detailReply(deps, request, admin, grant, { until: isoGrantEnd(grant.until), error: null });
  });
}

export function createSubmitGrantEnd(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: PURPOSE, recent: true }, async (request, admin, form) => {
    const grant = await findGrant(deps, request);
    if (grant === null) return gone(request);
    const typed = form.get('until') ?? '';
    const until = parseGrantEnd(typed, deps.clock.now());
    if (isRefusal(until)) return detailReply(deps, request, admin, grant, { until: typed, error: until.detail });
    const isDone = await changeItemGrantEnd(deps, by(request, admin), grant, until);
    return isDone ? done(request, '/admin/grants', 'item-grant-changed') : gone(request);
  });
}

export function createSubmitGrantRemoval(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: PURPOSE }, async (request, admin) => {
    const grant = await findGrant(deps, request);
    const isDone = grant !== null && (await endItemGrant(deps, by(request, admin), grant));
    return isDone ? done(request, '/admin/grants', 'item-grant-ended') : gone(request);
  });
}

async function listReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  shown: Pick<GrantListPage, 'typed' | 'errors'>,
): Promise<Reply> {
  const search = readSearch(request.query);
  const html = grantListPage(adminFrame(deps, request, admin), {
    search,
    grants: await findGrants(deps, search),
    action: `${rootOf(request)}/admin/grants`,
    formToken: formToken(deps, request, PURPOSE),
    ...shown,
  });
  return page(shown.errors.length === 0 ? 200 : 422, html);
}

function readSearch(query: URLSearchParams): GrantListPage['search'] {
  const which = query.get('which');
  return {
    q: query.get('q') ?? '',
    item: query.get('item') ?? '',
    which: which === 'soon' || which === 'ended' ? which : 'in-force',
  };
}

async function findGrants(
  { itemGrants, clock }: AdminDeps,
  { q, item, which }: GrantListPage['search'],
): Promise<readonly ListedItemGrant[]> {
  const now = clock.now();
  const time = {
    'in-force': { endsAfter: now },
    soon: { endsAfter: now, endsBefore: new Date(now.getTime() + SOON_DAYS * DAY_MILLISECONDS) },
    ended: { endsBefore: now },
  }[which];
  const found = await itemGrants.list({ ...time, search: q.trim() });
  return item.trim() === '' ? found : found.filter((grant) => covers(grant, item.trim()));
}

function detailReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  grant: ListedItemGrant,
  shown: { readonly until: string; readonly error: string | null },
): Reply {
  const address = `${rootOf(request)}/admin/grants/${grant.id}`;
  const html = grantDetailPage(adminFrame(deps, request, admin), {
    grant,
    isInForce: deps.clock.now() < grant.until,
    actions: { change: `${address}/until`, end: `${address}/end` },
    formToken: formToken(deps, request, PURPOSE),
    ...shown,
  });
  return page(shown.error === null ? 200 : 422, html);
}

function findGrant(deps: AdminDeps, request: HttpRequest): Promise<ListedItemGrant | null> {
  return deps.itemGrants.find((request.params['id'] ?? '') as ItemGrantId);
}

function gone(request: HttpRequest): Reply {
  const link = { address: `${rootOf(request)}/admin/grants`, label: 'All grants' };
  return page(
    404,
    adminNoticePage({ base: request.base, heading: 'There is no such grant', text: 'It has been ended, or there was none.', link }),
  );
}

function by(request: HttpRequest, { user }: Admin) {
  return { name: user.name, address: request.address };
}
