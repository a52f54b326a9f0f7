import type { PersonalToken } from '../../domain/personal-token.ts';
import { revokePersonalToken } from '../../flows/revoke-personal-token.ts';
import { refuse } from '../../lib/problems.ts';
import type { Reply } from '../server/exchange.ts';
import { type Operation, operation } from './operation.ts';
import { answerJson, NO_CONTENT } from './reply.ts';
import { OWN_TOKEN, TOKENS } from './schemas.ts';

const TAG = 'Tokens';

/** What every token may do with itself and the others of its owner. None can make one: that takes a person. */
export const TOKEN_OPERATIONS: readonly Operation[] = [
  operation(
    {
      id: 'getOwnToken',
      method: 'GET',
      path: '/api/1/token',
      tag: TAG,
      scope: null,
      summary: 'The token that is sent, and whose it is',
      answers: { 200: { description: 'The token', schema: OWN_TOKEN } },
    },
    async (_deps, { caller: { token, user, scopes } }) =>
      answerJson(OWN_TOKEN, {
        token: toToken(token),
        user: { id: user.id, name: user.name, roles: [...user.roles] },
        scopesInForce: [...scopes],
      }),
  ),
  operation(
    {
      id: 'listOwnTokens',
      method: 'GET',
      path: '/api/1/tokens',
      tag: TAG,
      scope: null,
      summary: 'All tokens of the owner, expired ones too for a month',
      answers: { 200: { description: 'The newest first', schema: TOKENS } },
    },
    async (deps, { caller: { user } }) => answerJson(TOKENS, { tokens: (await deps.personalTokens.list(user.id)).map(toToken) }),
  ),
  operation(
    {
      id: 'revokeOwnToken',
      method: 'DELETE',
      path: '/api/1/tokens/{token}',
      tag: TAG,
      scope: null,
      summary: 'Revoke a token of the owner, the one that is sent too',
      answers: { 204: { description: 'It opens nothing any more' } },
    },
    async (deps, { caller: { user, by }, params }): Promise<Reply | typeof NO_TOKEN> =>
      (await revokePersonalToken(deps, params.token, by, user)) ? NO_CONTENT : NO_TOKEN,
  ),
];

const NO_TOKEN = refuse('not-found', 'The owner of this token has no token of that id.');

function toToken({ id, userId, name, scopes, createdAt, expiresAt, usedAt }: PersonalToken) {
  return {
    id,
    user: userId,
    name,
    scopes: [...scopes],
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    usedAt: usedAt?.toISOString() ?? null,
  };
}
