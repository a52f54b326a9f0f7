import type { AttemptStore, Clock, Randomness } from '../domain/ports.ts';
import { userNameKey } from '../domain/user-name.ts';
import { type Refusal, refuse } from '../lib/problems.ts';
import type { RunningChecks } from './running-checks.ts';

/** Failures older than this are forgotten: nobody is locked out for good. */
export const GUESS_WINDOW_MINUTES = 15;

/**
 * After so many failures within the window, each further one has to wait: twice as long as the one before, up to a limit.
 * Somebody who mistypes meets the first row only. The second slows one address that tries many names, and leaves room for
 * a reading room behind one address. The third slows many addresses that try one name, but only a little,
 * or whoever knows a name could keep its owner out.
 */
const LIMITS = [
  { scope: 'name-at-address', freeFailures: 5, firstWaitSeconds: 15, longestWaitSeconds: 900 },
  { scope: 'address', freeFailures: 50, firstWaitSeconds: 5, longestWaitSeconds: 60 },
  { scope: 'name', freeFailures: 100, firstWaitSeconds: 2, longestWaitSeconds: 10 },
] as const;

type Scope = (typeof LIMITS)[number]['scope'];

export interface GuessDeps {
  readonly attempts: AttemptStore;
  /** They count as failures, or a hundred sent at once would all be the first. */
  readonly runningChecks: RunningChecks;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

export interface GuessLimits {
  /**
   * Runs `check` unless there were too many failures, and counts its failure.
   * `check` answers null for a wrong secret.
   */
  guard<T>(guess: { readonly name: string; readonly address: string }, check: () => Promise<T | null>): Promise<T | null | Refusal>;
}

export function createGuessLimits(deps: GuessDeps): GuessLimits {
  return {
    async guard(guess, check) {
      const keys = keysOf(deps.randomness, guess);
      const running = LIMITS.map(({ scope }) => keys[scope]);
      const others = await deps.runningChecks.begin(running);
      try {
        const waitSeconds = await longestWait(deps, keys, others);
        if (waitSeconds > 0) return throttled(waitSeconds);
        const checked = await check();
        if (checked === null) await countFailure(deps, keys);
        else await deps.attempts.clear(keys['name-at-address']);
        return checked;
      } finally {
        await deps.runningChecks.end(running);
      }
    },
  };
}

/** `running`: how many other checks were running when this one began, for each of the limits. */
async function longestWait(deps: GuessDeps, keys: Record<Scope, string>, running: readonly number[]): Promise<number> {
  const now = deps.clock.now().getTime();
  const since = (seconds: number) => new Date(now - seconds * 1000 + 1);
  let longest = 0;
  for (const [at, limit] of LIMITS.entries()) {
    const key = keys[limit.scope];
    const others = running[at] ?? 0;
    const failures = (await deps.attempts.count(key, since(GUESS_WINDOW_MINUTES * 60))) + others;
    const over = failures - limit.freeFailures;
    if (over < 0) continue;
    const waitSeconds = Math.min(limit.longestWaitSeconds, limit.firstWaitSeconds * 2 ** Math.min(over, 20));
    const tooSoon = others > 0 || (await deps.attempts.count(key, since(waitSeconds))) > 0;
    if (tooSoon) longest = Math.max(longest, waitSeconds);
  }
  return longest;
}

async function countFailure(deps: GuessDeps, keys: Record<Scope, string>): Promise<void> {
  const now = deps.clock.now();
  for (const limit of LIMITS) await deps.attempts.add(keys[limit.scope], now);
}

/** Hashed: people type passwords where the name belongs. */
function keysOf(randomness: Randomness, guess: { name: string; address: string }): Record<Scope, string> {
  const name = userNameKey(guess.name);
  const network = networkOf(guess.address);
  return {
    'name-at-address': `sign-in:${randomness.hash(`${network}\n${name}`)}`,
    address: `sign-in-address:${randomness.hash(network)}`,
    name: `sign-in-name:${randomness.hash(name)}`,
  };
}

/** An IPv6 network of 64 bits is one household: whoever has one has 2^64 addresses. IPv4 as it is. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')}::/64`;
}

function throttled(waitSeconds: number): Refusal {
  const detail = `There were too many attempts to sign in. Please wait ${waitSeconds} seconds before the next one.`;
  return { ...refuse('request.throttled', detail), retryAfterSeconds: waitSeconds };
}
