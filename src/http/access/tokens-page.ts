import { DEFAULT_TOKEN_DAYS } from '../../domain/personal-token.ts';
import type { User } from '../../domain/session.ts';
import { findLiveSession } from '../../flows/find-session.ts';
import { issuePersonalToken } from '../../flows/issue-personal-token.ts';
import { mayUseTokens } from '../../flows/may-use-tokens.ts';
import { revokePersonalToken } from '../../flows/revoke-personal-token.ts';
import { isRefusal } from '../../lib/problems.ts';
import { type OwnTokensPage, ownTokensPage } from '../../ui/pages/tokens.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page, seeOther } from '../server/reply.ts';
import type { AccessDeps } from './access-deps.ts';
import { languageOf, noticeReply, rootOf } from './access-page.ts';

const PURPOSE = 'personal tokens';
const PATH = '/tokens';

type Shown = Pick<OwnTokensPage, 'typed' | 'error' | 'secret'>;

const NOTHING_TYPED: Shown = { typed: { name: '', days: String(DEFAULT_TOKEN_DAYS) }, error: null, secret: null };

/** `/tokens`: a reader's own, for scripts that fetch content. Whoever is not signed in is asked to. */
export function createTokensPage(deps: AccessDeps): Handler {
  return async (request) => {
    const user = await findReader(deps, request);
    return user === null ? toSignIn(request) : tokensReply(deps, request, user, 200, NOTHING_TYPED);
  };
}

export function createSubmitTokensPage(deps: AccessDeps): Handler {
  return async (request) => {
    const form = await request.form();
    if (deps.forms.check(request, form, PURPOSE) !== null) return noticeReply(request, 'request.cross-site');
    const user = await findReader(deps, request);
    if (user === null) return toSignIn(request);
    const revoked = form.get('revoke');
    if (revoked !== null) {
      await revokePersonalToken(deps, revoked, byReader(request, user), user);
      return seeOther(rootOf(request) + PATH);
    }
    if (!(await mayUseTokens(deps, user))) return tokensReply(deps, request, user, 403, NOTHING_TYPED);
    const typed = { name: form.get('name') ?? '', days: form.get('days') ?? '' };
    const asked = { name: typed.name, days: Number(typed.days), scopes: ['content'] };
    const issued = await issuePersonalToken(deps, user, asked, byReader(request, user));
    if (!isRefusal(issued)) return tokensReply(deps, request, user, 201, { ...NOTHING_TYPED, secret: issued.secret });
    const error = issued.field === 'name' || issued.field === 'days' ? issued.field : 'many';
    return tokensReply(deps, request, user, 400, { typed, error, secret: null });
  };
}

/** By the session cookie alone: no viewer elsewhere gets a token. */
async function findReader(deps: AccessDeps, request: HttpRequest): Promise<User | null> {
  return (await findLiveSession(deps, request.cookies, 'session'))?.user ?? null;
}

function byReader(request: HttpRequest, { name }: User) {
  return { actor: name, via: 'web', address: request.address } as const;
}

function toSignIn(request: HttpRequest): Reply {
  return seeOther(`${rootOf(request)}/sign-in?return=${encodeURIComponent(PATH)}`);
}

async function tokensReply(deps: AccessDeps, request: HttpRequest, user: User, status: number, shown: Shown): Promise<Reply> {
  const now = deps.clock.now();
  const own = (await deps.personalTokens.list(user.id)).filter(({ scopes }) => scopes.join() === 'content');
  const { formToken, setCookie } = deps.forms.prepare(request, PURPOSE);
  const html = ownTokensPage({
    base: request.base,
    lang: languageOf(request),
    action: rootOf(request) + PATH,
    formToken,
    userName: user.name,
    mayCreate: await mayUseTokens(deps, user),
    ...shown,
    tokens: own.map(({ id, name, expiresAt, usedAt }) => ({ id, name, expiresAt, usedAt, hasExpired: now >= expiresAt })),
  });
  return page(status, html, { 'set-cookie': setCookie });
}
