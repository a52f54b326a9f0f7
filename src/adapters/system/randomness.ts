import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Randomness } from '../../domain/ports.ts';

export function createRandomness(): Randomness {
  return {
    token: (bytes) => randomBytes(bytes).toString('base64url'),
    hash: (secret) => hash('sha256', secret, 'base64url'),
    // Digests have one length, so that neither the comparison nor its set-up tells how long the secret is.
    equal: (a, b) => timingSafeEqual(digest(a), digest(b)),
  };
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
