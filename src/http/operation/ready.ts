import type { Handler } from '../server/exchange.ts';
import { json } from '../server/reply.ts';

/** By name of the check: whether it came out well. */
export type Readiness = Readonly<Record<string, boolean>>;

/** `/readyz`: 200 where everything that an answer needs is there, else 503. Names of checks, and nothing else: anybody may ask. */
export function createReady(look: () => Promise<Readiness>): Handler {
  return async () => {
    const checks = await look();
    const isReady = Object.values(checks).every((isWell) => isWell);
    const words = Object.fromEntries(Object.entries(checks).map(([name, isWell]) => [name, isWell ? 'ok' : 'failed']));
    return json(isReady ? 200 : 503, { status: isReady ? 'ok' : 'failed', checks: words }, { 'cache-control': 'no-store' });
  };
}
