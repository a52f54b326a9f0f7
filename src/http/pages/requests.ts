import type { AccessModel } from '../../domain/access.ts';
import { type AccessRequest, type AccessRequestId, LONGEST_REASON, parseReason } from '../../domain/access-request.ts';
import type { Mailer } from '../../domain/mail.ts';
import type { Catalogue, ItemGrantStore, ItemSource, UserStore } from '../../domain/ports.ts';
import type { User } from '../../domain/session.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { type Askable, type AskForAccessDeps, askForAccess, findAskable, withdrawRequest } from '../../flows/ask-for-access.ts';
import { isRefusal } from '../../lib/problems.ts';
import { noticePage } from '../../ui/pages/notice.ts';
import { requestPage } from '../../ui/pages/request.ts';
import { askedMail } from '../../ui/pages/request-mails.ts';
import { requestTextsIn } from '../../ui/pages/request-texts.ts';
import { requestsPage, type ShownRequest } from '../../ui/pages/requests.ts';
import { fill } from '../../ui/texts.ts';
import { languageOf, noticeReply, rootOf } from '../access/access-page.ts';
import type { FormGuard } from '../access/form-guard.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import { itemPagePath, requestPath } from './page-uris.ts';
import { titleFor } from './picture-title.ts';

export interface RequestPagesDeps extends AskForAccessDeps {
  readonly items: Pick<ItemSource, 'find'>;
  readonly users: Pick<UserStore, 'find'>;
  readonly itemGrants: Pick<ItemGrantStore, 'ofUser'>;
  readonly catalogue: Pick<Catalogue, 'find'>;
  readonly slashSubstitute: string | null;
  readonly forms: FormGuard;
  /** Null where no mail is sent. */
  readonly mail: Mailer | null;
  /** Who is told of new requests; null for nobody. */
  readonly requestsMailTo: string | null;
  titleOf(path: string): string | null;
  access(): AccessModel;
  recognise(request: HttpRequest): Promise<Visitor>;
}

export interface RequestHandlers {
  readonly request: Handler;
  readonly submitRequest: Handler;
  readonly requests: Handler;
  readonly submitRequests: Handler;
}

const PURPOSE = 'request-access';

/** `/request-access` and `/requests`: readers ask for items, and see what became of it. For whoever is signed in. */
export function createRequestPages(deps: RequestPagesDeps): RequestHandlers {
  return {
    request: signedIn(deps, async (request, reader) => {
      const askable = await findAsked(deps, request, reader);
      return askable.kind === 'askable'
        ? formReply(deps, request, reader, askable, { reason: '', error: null })
        : otherReply(request, askable, deps);
    }),
    submitRequest: signedIn(deps, (request, reader) => submitRequest(deps, request, reader)),
    requests: signedIn(deps, (request, reader) => listReply(deps, request, reader)),
    submitRequests: signedIn(deps, async (request, { user }) => {
      const form = await request.form();
      if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
      const id = form.get('withdraw') as AccessRequestId | null;
      const isDone = id !== null && (await withdrawRequest(deps, { user, address: request.address }, id));
      return seeOther(`${rootOf(request)}/requests${isDone ? '?done=withdrawn' : ''}`);
    }),
  };
}

interface Reader {
  readonly user: User;
  readonly visitor: Visitor;
}

/** Nothing is looked up for a stranger, so that the way to the sign-in is the same for every address. */
function signedIn(deps: RequestPagesDeps, answer: (request: HttpRequest, reader: Reader) => Promise<Reply>): Handler {
  return async (request) => {
    const visitor = await deps.recognise(request);
    const user = visitor.user === null ? null : await deps.users.find(visitor.user.name);
    if (user !== null) return answer(request, { user, visitor });
    const back = request.path + (request.query.size === 0 ? '' : `?${request.query}`);
    return seeOther(`${rootOf(request)}/sign-in?return=${encodeURIComponent(back)}`);
  };
}

function findAsked(deps: RequestPagesDeps, request: HttpRequest, { visitor }: Reader): Promise<Askable> {
  return findAskable(deps, request.query.get('item') ?? '', visitor);
}

type Found = Exclude<Askable, { kind: 'not-here' }>;

async function submitRequest(deps: RequestPagesDeps, request: HttpRequest, reader: Reader): Promise<Reply> {
  const form = await request.form();
  if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
  const askable = await findAsked(deps, request, reader);
  if (askable.kind !== 'askable') return otherReply(request, askable, deps);
  const typed = form.get('reason') ?? '';
  const reason = parseReason(typed);
  const r = requestTextsIn(languageOf(request));
  if (isRefusal(reason)) {
    const error = typed.trim() === '' ? r.reasonMissing : fill(r.reasonLong, { most: LONGEST_REASON });
    return formReply(deps, request, reader, askable, { reason: typed, error });
  }
  const { user } = reader;
  const asked = { item: askable.item.path, reason, language: languageOf(request) };
  const outcome = await askForAccess(deps, { user, address: request.address }, asked);
  if (outcome !== 'made') {
    return formReply(deps, request, reader, askable, { reason, error: outcome === 'too many' ? r.tooMany : r.openAlready });
  }
  if (deps.mail !== null && deps.requestsMailTo !== null) {
    deps.mail.send({ to: deps.requestsMailTo, ...askedMail({ userName: user.name, item: asked.item, reason }, deps.mail.base) });
  }
  return seeOther(`${rootOf(request)}/requests?done=made`);
}

async function formReply(
  deps: RequestPagesDeps,
  request: HttpRequest,
  { user }: Reader,
  { item, telling }: Found,
  shown: { readonly reason: string; readonly error: string | null },
): Promise<Reply> {
  const { formToken, setCookie } = deps.forms.prepare(request, PURPOSE);
  const lang = languageOf(request);
  const body = requestPage({
    base: request.base,
    lang,
    title: await titleFor(deps, { path: item.path, page: 1 }, telling, lang),
    action: requestPath(request.base, item.path),
    formToken,
    userName: user.name,
    mailAddress: deps.mail === null ? null : user.email,
    ...shown,
  });
  return page(shown.error === null ? 200 : 422, body, { 'set-cookie': setCookie });
}

function otherReply(request: HttpRequest, askable: Askable, { slashSubstitute }: RequestPagesDeps): Reply {
  if (askable.kind !== 'not-here') return seeOther(itemPagePath(request.base, askable.item, slashSubstitute));
  const lang = languageOf(request);
  const r = requestTextsIn(lang);
  return page(404, noticePage({ base: request.base, lang, heading: r.notHereHeading, text: r.notHere }));
}

async function listReply(deps: RequestPagesDeps, request: HttpRequest, { user, visitor }: Reader): Promise<Reply> {
  const { formToken, setCookie } = deps.forms.prepare(request, PURPOSE);
  const now = deps.clock.now();
  const requests = await deps.accessRequests.ofUser(user.id);
  const grants = await deps.itemGrants.ofUser(user.id);
  const done = request.query.get('done');
  const body = requestsPage({
    base: request.base,
    lang: languageOf(request),
    now,
    done: done === 'made' || done === 'withdrawn' ? done : null,
    action: `${rootOf(request)}/requests`,
    formToken,
    requests: await Promise.all(requests.map((each) => shownRequest(deps, request, visitor, each))),
    grants: grants.filter(({ until }) => now < until),
  });
  return page(200, body, { 'set-cookie': setCookie });
}

async function shownRequest(deps: RequestPagesDeps, request: HttpRequest, visitor: Visitor, asked: AccessRequest): Promise<ShownRequest> {
  const found = await findAskable(deps, asked.item, visitor);
  const lang = languageOf(request);
  const isGone = found.kind === 'not-here';
  const title = isGone ? asked.item : await titleFor(deps, { path: found.item.path, page: 1 }, found.telling, lang);
  const link = isGone ? null : itemPagePath(request.base, found.item, deps.slashSubstitute);
  return { id: asked.id, title, link, reason: asked.reason, madeAt: asked.madeAt, decision: asked.decision };
}
