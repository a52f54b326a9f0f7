import { createHash } from 'node:crypto';
import type { DerivativeKey } from '../../../src/domain/derivative.ts';

/** Derivatives whose bytes tell their number, large enough to be killed in the middle of. */
export function bytesOf(n: number): Uint8Array {
  return Buffer.alloc(1_000_000 + ((n * 37_000) % 2_000_000), createHash('sha256').update(`${n}`).digest());
}

/** All of them together do not fit. */
export const DISK_BYTES = 50_000_000;

/** So many keys there are. Numbers beyond them have the same ones again, with other bytes: what is there is written over. */
export const KEYS = 40;

export function keyOf(n: number): DerivativeKey {
  const key = n % KEYS;
  return { text: `number ${key}`, item: `letters/${key % 7}.jpg` };
}
