import type { Clock } from '../domain/ports.ts';
import { type Refusal, refuse } from '../lib/problems.ts';
import { networkOf } from './limit-guesses.ts';

/** A script with an old token asks as often as it did with the right one; guessing gets nobody anywhere at 256 bits. */
const FREE_FAILURES = 30;
const WINDOW_SECONDS = 60;
const MOST_NETWORKS = 5_000;

/** Counted in this process or in another one. */
export interface WrongTokenLimit {
  /** Counts a wrong token; the refusal for an address that sends too many, null for any other. */
  count(address: string): Refusal | null | Promise<Refusal | null>;
}

/** Right tokens are never counted, so that nobody can keep others at the same address out. Memory is bounded: the oldest are forgotten first. */
export function createWrongTokenLimit(clock: Clock): { count(address: string): Refusal | null } {
  const windows = new Map<string, { readonly from: number; readonly failures: number }>();
  return {
    count(address) {
      const key = networkOf(address);
      const now = clock.now().getTime();
      const known = windows.get(key);
      const isRunning = known !== undefined && now - known.from < WINDOW_SECONDS * 1000;
      const { from, failures } = isRunning ? { from: known.from, failures: known.failures + 1 } : { from: now, failures: 1 };
      windows.delete(key);
      windows.set(key, { from, failures });
      if (windows.size > MOST_NETWORKS) windows.delete(windows.keys().next().value ?? '');
      if (failures <= FREE_FAILURES) return null;
      const retryAfterSeconds = Math.ceil((from + WINDOW_SECONDS * 1000 - now) / 1000);
      return { ...refuse('request.throttled', 'There were too many requests with a wrong token from this network.'), retryAfterSeconds };
    },
  };
}
