import type { TokenStore } from '../domain/ports.ts';

/** A store that fails for the tokens of one service, so that viewers can see what "unavailable" looks like. */
export function failTokensOf(service: string, tokens: TokenStore): TokenStore {
  return {
    ...tokens,
    async create(tokenHash, token) {
      if (token.service === service) throw new Error(`the lab lets tokens of ${service} fail on purpose`);
      await tokens.create(tokenHash, token);
    },
  };
}
