import { DEFAULT_TOKEN_DAYS, type PersonalToken, scopesInForce } from '../../domain/personal-token.ts';
import type { User } from '../../domain/session.ts';
import { issuePersonalToken } from '../../flows/issue-personal-token.ts';
import { revokePersonalToken } from '../../flows/revoke-personal-token.ts';
import { isRefusal } from '../../lib/problems.ts';
import { type TokenShown, type TokensPage, tokensPage } from '../../ui/admin/pages/tokens.ts';
import { rootOf } from '../access/access-page.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { type Admin, adminForm, adminFrame, adminPage, done, formToken } from './guard.ts';

const CREATE = 'create token';
const REVOKE = 'revoke token';
const PATH = '/admin/tokens';

type Create = Pick<TokensPage['create'], 'typed' | 'error'>;

const NOTHING_TYPED: Create = { typed: { name: '', days: String(DEFAULT_TOKEN_DAYS), scopes: [] }, error: null };

/** `/admin/tokens`: an administrator's own, and everybody else's. */
export function createAdminTokens(deps: AdminDeps): Handler {
  return adminPage(deps, (request, admin) => tokensReply(deps, request, admin, { status: 200, create: NOTHING_TYPED, secret: null }));
}

/** The token is in the answer to the form itself, since it is kept nowhere. */
export function createSubmitAdminToken(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: CREATE, recent: true }, async (request, admin, form) => {
    const typed = { name: form.get('name') ?? '', days: form.get('days') ?? '', scopes: form.getAll('scope') };
    const by = { actor: admin.user.name, via: 'web', address: request.address } as const;
    const issued = await issuePersonalToken(deps, admin.user, { ...typed, days: Number(typed.days) }, by);
    if (isRefusal(issued)) {
      const error = { field: issued.field ?? null, sentence: issued.detail };
      return tokensReply(deps, request, admin, { status: 400, create: { typed, error }, secret: null });
    }
    const secret = { name: issued.token.name, text: issued.secret };
    return tokensReply(deps, request, admin, { status: 201, create: NOTHING_TYPED, secret });
  });
}

/** `/admin/tokens/revoke`: any, whoever owns it. */
export function createSubmitRevokeToken(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: REVOKE }, async (request, admin, form) => {
    await revokePersonalToken(deps, form.get('token') ?? '', { actor: admin.user.name, via: 'web', address: request.address });
    return done(request, PATH, 'token-revoked');
  });
}

async function tokensReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  { status, create, secret }: { readonly status: number; readonly create: Create } & Pick<TokensPage, 'secret'>,
): Promise<Reply> {
  const tokens = await deps.personalTokens.list();
  const owners = new Map(
    await Promise.all([...new Set(tokens.map(({ userId }) => userId))].map(async (id) => [id, await deps.users.findById(id)] as const)),
  );
  const now = deps.clock.now();
  const shown = (token: PersonalToken) => toShown(token, owners.get(token.userId) ?? null, now);
  const root = `${rootOf(request)}${PATH}`;
  const html = tokensPage(adminFrame(deps, request, admin), {
    secret,
    create: { action: root, formToken: formToken(deps, request, CREATE), ...create },
    revoke: { action: `${root}/revoke`, formToken: formToken(deps, request, REVOKE) },
    own: tokens.filter(({ userId }) => userId === admin.user.id).map(shown),
    others: tokens.filter(({ userId }) => userId !== admin.user.id).map(shown),
  });
  return page(status, html);
}

function toShown(token: PersonalToken, owner: User | null, now: Date): TokenShown {
  const counting = owner === null || owner.disabledAt !== null ? [] : scopesInForce(token, owner);
  return { ...token, userName: owner?.name ?? '', isIdle: counting.length < token.scopes.length, hasExpired: now >= token.expiresAt };
}
