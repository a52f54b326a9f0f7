import { createHmac } from 'node:crypto';
import type { Signer } from '../../domain/ports.ts';

/** HMAC-SHA-256 with the secret of this server. */
export function createSigner(key: string): Signer {
  return { sign: (purpose, text) => createHmac('sha256', key).update(`${purpose}\n${text}`).digest('base64url') };
}
