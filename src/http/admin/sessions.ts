import type { AdminSessionId } from '../../domain/admin-session.ts';
import type { SessionFilter, SessionId } from '../../domain/session.ts';
import { endAdminSession, endAllSessions, endSessionOf, endSessionsOfUser, endTokenOf } from '../../flows/admin/end-sessions.ts';
import { listAdminSessions, listSessions, type ReaderSession, type SessionPlace } from '../../flows/admin/list-sessions.ts';
import { type SessionsPage, sessionsPage } from '../../ui/admin/pages/sessions.ts';
import { rootOf } from '../access/access-page.ts';
import { grantLabel } from '../access/grant-label.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { type Admin, adminForm, adminFrame, adminPage, done, formToken } from './guard.ts';

const END = 'end sessions';
const END_ALL = 'end all sessions';

/** `/admin/sessions`: of readers and administrators, with what they hold. */
export function createSessionsPage(deps: AdminDeps): Handler {
  return adminPage(deps, async (request, admin) => {
    const search = readSearch(request.query);
    const owner = search.user === '' ? null : await deps.users.find(search.user);
    const isUnknown = search.user !== '' && owner === null;
    const filter: SessionFilter = {
      ...(owner === null ? {} : { userId: owner.id }),
      ...(search.address === '' ? {} : { address: search.address }),
      ...(search.everybody ? {} : { owned: true as const }),
    };
    const { sessions, next } = isUnknown ? { sessions: [], next: null } : await listSessions(deps, filter, readPlace(request.query));
    const root = `${rootOf(request)}/admin/sessions`;
    const query = writeSearch(search);
    const html = sessionsPage(adminFrame(deps, request, admin), {
      search,
      owner: owner?.name ?? null,
      sessions: sessions.map((each) => shownSession(deps, request, each)),
      administrators: (await listAdminSessions(deps)).map(({ session, userName }) => ({
        session,
        userName,
        isOwn: session.id === admin.session.id,
      })),
      older: next === null ? null : `${root}?${writeSearch(search, next)}`,
      address: root,
      actions: { end: `${root}/end${query === '' ? '' : `?${query}`}`, endAll: `${root}/end-all` },
      formTokens: { end: formToken(deps, request, END), endAll: formToken(deps, request, END_ALL) },
    });
    return page(200, html);
  });
}

/** `/admin/sessions/end`: one session, one token of it, or all sessions of a user. Fields: `session`, `token`, `administrator`, `user`. */
export function createSubmitEndSession(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: END }, async (request, admin, form) => {
    const notice = await endWhatIsMeant(deps, request, admin, form);
    const query = writeSearch(readSearch(request.query));
    return done(request, `/admin/sessions${query === '' ? '' : `?${query}`}`, notice);
  });
}

/** `/admin/sessions/end-all`: everybody's, but for the one of who does it. */
export function createSubmitEndAllSessions(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: END_ALL, recent: true }, async (request, admin) => {
    await endAllSessions(deps, by(request, admin), admin.session.id);
    return done(request, '/admin/sessions', 'all-sessions-ended');
  });
}

async function endWhatIsMeant(deps: AdminDeps, request: HttpRequest, admin: Admin, form: URLSearchParams): Promise<string> {
  const ending = by(request, admin);
  const [session, token, administrator, user] = ['session', 'token', 'administrator', 'user'].map((name) => form.get(name) ?? '');
  if (user !== undefined && user !== '') {
    return (await endSessionsOfUser(deps, user, ending, admin.session.id)) === null ? 'no-such-session' : 'user-sessions-ended';
  }
  if (administrator !== undefined && administrator !== '') {
    return (await endAdminSession(deps, administrator as AdminSessionId, ending)) ? 'session-ended' : 'no-such-session';
  }
  const id = (session ?? '') as SessionId;
  if (token !== undefined && token !== '') return (await endTokenOf(deps, id, token, ending)) ? 'token-ended' : 'no-such-session';
  return (await endSessionOf(deps, id, ending)) ? 'session-ended' : 'no-such-session';
}

function by(request: HttpRequest, { user }: Admin) {
  return { actor: user.name, address: request.address };
}

function shownSession(
  deps: AdminDeps,
  request: HttpRequest,
  { session, userName, tokens }: ReaderSession,
): SessionsPage['sessions'][number] {
  const label = (service: string) => grantLabel(deps.access(), request, service);
  return {
    id: session.id,
    userName,
    createdAt: session.createdAt,
    usedAt: session.usedAt,
    address: session.address,
    userAgent: session.userAgent,
    grants: session.grants.map(({ service, origin }) => ({ service: label(service), origin, isOurs: origin === request.origin })),
    tokens: tokens.map(({ service, origin, ...token }) => ({ ...token, service: label(service), origin })),
  };
}

function readSearch(query: URLSearchParams): SessionsPage['search'] {
  const read = (name: string) => (query.get(name) ?? '').trim().slice(0, 200);
  return { user: read('user'), address: read('address'), everybody: query.get('everybody') === 'yes' };
}

function writeSearch({ user, address, everybody }: SessionsPage['search'], after?: SessionPlace): string {
  const query = new URLSearchParams();
  if (user !== '') query.set('user', user);
  if (address !== '') query.set('address', address);
  if (everybody) query.set('everybody', 'yes');
  if (after !== undefined) query.set('after', `${after.createdAt.getTime()}.${after.id}`);
  return query.toString();
}

function readPlace(query: URLSearchParams): SessionPlace | undefined {
  const [, time, id] = /^(\d{1,15})\.(ses_[A-Za-z0-9_-]{1,64})$/.exec(query.get('after') ?? '') ?? [];
  return time === undefined || id === undefined ? undefined : { createdAt: new Date(Number(time)), id: id as SessionId };
}
