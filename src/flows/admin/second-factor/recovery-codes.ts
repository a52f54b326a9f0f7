import type { Randomness } from '../../../domain/ports.ts';
import type { User } from '../../../domain/session.ts';
import type { SecondFactorDeps } from './second-factor-deps.ts';

const MANY = 10;
/** 16 letters of 5 bits: too many to guess, even from the hash. */
const BYTES = 12;
/** Crockford's base 32, in which nothing is mixed up. https://www.crockford.com/base32.html */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

type RecoveryDeps = Pick<SecondFactorDeps, 'secondFactors' | 'randomness' | 'audit'>;

/** New codes in the place of all former ones. They are shown this once: the store has their hashes. */
export async function makeRecoveryCodes(deps: RecoveryDeps, user: User, address: string): Promise<readonly string[]> {
  const codes = Array.from({ length: MANY }, () => newCode(deps.randomness));
  const hashes = codes.map((code) => recoveryCodeHash(deps.randomness, code));
  await deps.secondFactors.setRecoveryCodes(user.id, hashes);
  await deps.audit.record({ action: 'recovery-codes.made', actor: user.name, address, target: user.name });
  return codes;
}

/** However it was typed: capitals, spaces and hyphens make no difference, nor an O for a zero. */
export function recoveryCodeHash(randomness: Randomness, code: string): string {
  const letters = code
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1');
  return randomness.hash(`recovery code\n${letters}`);
}

/** Of six random bits, five are kept: each letter is as likely as any other. */
function newCode(randomness: Randomness): string {
  const letters = [...randomness.token(BYTES)].map((letter) => ALPHABET[BASE64URL.indexOf(letter) % ALPHABET.length]);
  return letters.join('').replaceAll(/.{4}(?=.)/g, '$&-');
}
