import { type AccessRequestId, type ListedAccessRequest, parseReason } from '../../domain/access-request.ts';
import { parseGrantEnd } from '../../domain/item-grant.ts';
import { type DecideOutcome, declineRequest, grantRequest } from '../../flows/admin/decide-request.ts';
import { isRefusal } from '../../lib/problems.ts';
import { adminNoticePage } from '../../ui/admin/pages/notice.ts';
import { type RequestDetailPage, requestDetailPage, requestListPage } from '../../ui/admin/pages/requests.ts';
import { answeredMail } from '../../ui/pages/request-mails.ts';
import { rootOf } from '../access/access-page.ts';
import { itemPagePath } from '../pages/page-uris.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { type Admin, adminForm, adminFrame, adminPage, done, formToken } from './guard.ts';

const PURPOSE = 'requests';
const PAGE_LENGTH = 50;
/** Offered in the form of a grant: a month, which is what most readers need. */
const USUAL_DAYS = 30;

/** `/admin/requests` */
export function createRequestList(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const state = request.query.get('state') === 'decided' ? 'decided' : 'open';
    const search = (request.query.get('q') ?? '').trim();
    const offset = Math.min(Math.max(0, Number.parseInt(request.query.get('from') ?? '0', 10) || 0), 1_000_000);
    const found = await deps.accessRequests.list({ state, search }, { offset, limit: PAGE_LENGTH + 1 });
    const more = new URLSearchParams({ state, q: search, from: String(offset + PAGE_LENGTH) });
    const html = requestListPage(adminFrame(deps, request, admin), {
      state,
      search,
      openCount: await deps.accessRequests.countOpen(),
      requests: found.slice(0, PAGE_LENGTH),
      more: found.length > PAGE_LENGTH ? `${rootOf(request)}/admin/requests?${more}` : null,
    });
    return page(200, html);
  });
}

/** `/admin/requests/{id}` */
export function createRequestDetail(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const asked = await findRequest(deps, request);
    if (asked === null) return gone(request);
    const until = new Date(deps.clock.now().getTime() + USUAL_DAYS * 86_400_000).toISOString().slice(0, 10);
    return detailReply(deps, request, admin, asked, { typed: { items: '', until, answer: '', sentence: '' }, errors: [] });
  });
}

export function createSubmitRequestGrant(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: PURPOSE, recent: true }, async (request, admin, form) => {
    const asked = await findRequest(deps, request);
    if (asked === null) return gone(request);
    const [items = '', typedUntil = '', typedAnswer = ''] = ['items', 'until', 'answer'].map((name) => form.get(name) ?? '');
    const until = parseGrantEnd(typedUntil, deps.clock.now());
    const answer = typedAnswer.trim() === '' ? null : parseReason(typedAnswer);
    const again = (errors: RequestDetailPage['errors']) =>
      detailReply(deps, request, admin, asked, { typed: { items, until: typedUntil, answer: typedAnswer, sentence: '' }, errors });
    if (isRefusal(until)) return again([{ field: 'until', sentence: until.detail }]);
    if (isRefusal(answer)) return again([{ field: 'answer', sentence: answer.detail }]);
    if (!choicesFor(asked.item).some((choice) => choice.items === items)) {
      return again([{ field: null, sentence: 'Say what they may see: the item, or a folder that holds it.' }]);
    }
    const outcome = await grantRequest(deps, asked, by(request, admin), { items, until, answer });
    return outcome === 'decided' ? decided(deps, request, asked, 'request-granted') : again([WHY_NOT[outcome]]);
  });
}

export function createSubmitRequestDecline(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: PURPOSE }, async (request, admin, form) => {
    const asked = await findRequest(deps, request);
    if (asked === null) return gone(request);
    const typed = form.get('sentence') ?? '';
    const sentence = parseReason(typed);
    const again = (errors: RequestDetailPage['errors']) =>
      detailReply(deps, request, admin, asked, { typed: { items: '', until: '', answer: '', sentence: typed }, errors });
    if (isRefusal(sentence)) return again([{ field: 'sentence', sentence: `Tell them why. ${sentence.detail}` }]);
    const outcome = await declineRequest(deps, asked, by(request, admin), sentence);
    return outcome === 'decided' ? decided(deps, request, asked, 'request-declined') : again([WHY_NOT[outcome]]);
  });
}

const WHY_NOT: Readonly<Record<Exclude<DecideOutcome, 'decided'>, RequestDetailPage['errors'][number]>> = {
  'not-open': { field: null, sentence: 'The request has been decided, or withdrawn, meanwhile.' },
  'too-many': { field: null, sentence: 'They have too many grants. End some, or give a role.' },
  'other-items': { field: null, sentence: 'That does not hold the item that they asked for.' },
};

/** Tells the reader, where they have an address and mail is sent. */
async function decided(deps: AdminDeps, request: HttpRequest, { id, userId }: ListedAccessRequest, notice: string): Promise<Reply> {
  const [asked, user] = await Promise.all([deps.accessRequests.find(id), deps.users.findById(userId)]);
  const decision = asked?.decision ?? null;
  if (deps.mail !== null && asked !== null && user?.email != null && decision !== null && decision.kind !== 'withdrawn') {
    deps.mail.send({ to: user.email, ...answeredMail(asked, decision, deps.mail.base) });
  }
  return done(request, '/admin/requests', notice);
}

async function detailReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  asked: ListedAccessRequest,
  shown: Pick<RequestDetailPage, 'typed' | 'errors'>,
): Promise<Reply> {
  const [item, user] = await Promise.all([deps.items.find(asked.item), deps.users.findById(asked.userId)]);
  const address = `${rootOf(request)}/admin/requests/${asked.id}`;
  const choices = choicesFor(asked.item);
  const html = requestDetailPage(adminFrame(deps, request, admin), {
    request: asked,
    itemPage: item === null ? null : itemPagePath(request.base, item, deps.slashSubstitute),
    mailAddress: deps.mail === null ? null : (user?.email ?? null),
    choices,
    typed: { ...shown.typed, items: shown.typed.items || (choices[0]?.items ?? '') },
    errors: shown.errors,
    actions: { grant: `${address}/grant`, decline: `${address}/decline` },
    formToken: formToken(deps, request, PURPOSE),
  });
  return page(shown.errors.length === 0 ? 200 : 422, html);
}

/** The item, its folder, and the folders around it. What a pattern would read as more than a name is a `?`, which is any one character. */
function choicesFor(path: string): RequestDetailPage['choices'] {
  const literal = path.replace(/[*{}]/g, '?');
  const folders = literal.split('/').slice(0, -1);
  const around = folders.map((_, at) => folders.slice(0, folders.length - at).join('/'));
  return [
    { items: literal, label: 'This item:' },
    ...around.map((folder, at) => ({ items: `${folder}/**`, label: at === 0 ? 'Its folder, with all in it:' : 'All of:' })),
  ];
}

function findRequest(deps: AdminDeps, request: HttpRequest): Promise<ListedAccessRequest | null> {
  return deps.accessRequests.find((request.params['id'] ?? '') as AccessRequestId);
}

function gone(request: HttpRequest): Reply {
  const link = { address: `${rootOf(request)}/admin/requests`, label: 'All requests' };
  return page(
    404,
    adminNoticePage({ base: request.base, heading: 'There is no such request', text: 'It is gone, or there was none.', link }),
  );
}

function by(request: HttpRequest, { user }: Admin) {
  return { name: user.name, address: request.address };
}
