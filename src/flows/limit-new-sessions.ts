import type { Clock } from '../domain/ports.ts';
import { networkOf } from './limit-guesses.ts';

/** A university's readers behind one address, on the first morning of a term; a script has used them up in a second. */
const AT_ONCE = 300;
const AGAIN_AFTER_SECONDS = 1;
const MOST_NETWORKS = 5_000;

/** Counted in this process or in another one. */
export interface NewSessionLimits {
  /** 0, and it is counted, where the address may open one more session without an account; else the seconds to wait. */
  take(address: string): number | Promise<number>;
}

/**
 * Whoever agrees to terms or is at a kiosk gets a session, without having to be anybody: a row in the database for each who asks.
 * Memory is bounded: the networks that have not asked for the longest time are forgotten first.
 */
export function createNewSessionLimits(clock: Clock): { take(address: string): number } {
  const networks = new Map<string, { readonly left: number; readonly at: number }>();

  function leftNow(network: string, now: number): number {
    const before = networks.get(network);
    if (before === undefined) return AT_ONCE;
    return Math.min(AT_ONCE, before.left + (now - before.at) / (AGAIN_AFTER_SECONDS * 1000));
  }

  return {
    take(address) {
      const network = networkOf(address);
      const now = clock.now().getTime();
      const left = leftNow(network, now);
      if (left < 1) return Math.ceil((1 - left) * AGAIN_AFTER_SECONDS);
      networks.delete(network);
      networks.set(network, { left: left - 1, at: now });
      if (networks.size > MOST_NETWORKS) networks.delete(networks.keys().next().value ?? '');
      return 0;
    },
  };
}
