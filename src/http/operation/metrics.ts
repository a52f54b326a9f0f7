import { createHash, timingSafeEqual } from 'node:crypto';
import { refuse } from '../../lib/problems.ts';
import type { Handler } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';

export interface MetricsDeps {
  /** Null where no token is asked for. */
  readonly token: string | null;
  /** Null where it makes no difference where somebody is. */
  readonly isNear: ((address: string) => boolean) | null;
  write(): Promise<{ readonly text: string; readonly mediaType: string }>;
}

const NO_ADDRESS = refuse('not-found', 'There is no such address on this server.');
const NO_TOKEN = refuse('token.needed', 'Send the token of metricsToken: Authorization: Bearer …');

/** `/metrics`, for whom the options name: nobody by default. */
export function createMetrics({ token, isNear, write }: MetricsDeps): Handler {
  return async (request) => {
    if (token === null && isNear === null) return problem(NO_ADDRESS);
    if (isNear !== null && !isNear(request.address)) return problem(NO_ADDRESS);
    if (token !== null && !isSame(token, readBearer(request.header('authorization')))) {
      return problem(NO_TOKEN, { 'www-authenticate': 'Bearer realm="Vitrine metrics"' });
    }
    const { text, mediaType } = await write();
    return { status: 200, headers: { 'content-type': mediaType, 'cache-control': 'no-store' }, body: text };
  };
}

function readBearer(header: string | null): string {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '';
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
