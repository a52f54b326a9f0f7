import type { Signer } from '../../domain/ports.ts';
import type { Handler } from '../server/exchange.ts';

/** What `vitrine doctor` sends, and what it gets back. */
export const CHALLENGE_PARAMETER = 'challenge';
export const PROOF_HEADER = 'vitrine-proof';
export const VISITOR_HEADER = 'vitrine-visitor';
export const PROOF_PURPOSE = 'doctor';
export const VISITOR_PURPOSE = 'doctor visitor';

const CHALLENGE = /^[A-Za-z0-9_-]{16,64}$/;

/**
 * `/livez`: 200 as soon as requests are served. To a challenge, what only a server with the key of our data folder can
 * say, of itself and of the address that it takes the visitor to have: whoever has the key can find out whether a public
 * address leads here, and whether a forged address is believed. Nobody else learns anything.
 */
export function createLive(signer: Signer): Handler {
  return async (request) => {
    const challenge = request.query.get(CHALLENGE_PARAMETER);
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
    if (challenge === null || !CHALLENGE.test(challenge)) return { status: 200, headers, body: 'ok\n' };
    const proof = {
      [PROOF_HEADER]: signer.sign(PROOF_PURPOSE, challenge),
      [VISITOR_HEADER]: signer.sign(VISITOR_PURPOSE, `${challenge} ${request.address}`),
    };
    return { status: 200, headers: { ...headers, ...proof }, body: 'ok\n' };
  };
}
