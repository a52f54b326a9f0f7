/**
 * Passwords at rest: Argon2id.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
import { type Algorithm, hash, type Options, verify } from '@node-rs/argon2';
import PQueue from 'p-queue';
import type { PasswordHasher } from '../../domain/ports.ts';
import { Failure, refuse } from '../../lib/problems.ts';

/** The package declares it as a const enum, which type stripping cannot read. */
const ARGON2ID: Algorithm.Argon2id = 2;

const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const satisfies Options;

/** Each takes 19 MiB and a thread; more at once would only take them from the images. */
const AT_ONCE = 2;

/** About three seconds of work. Whoever comes after that is better told to try again. */
const MAX_WAITING = 200;

const NO_USER_HASH = emptyHash();

export function createPasswordHasher(): PasswordHasher {
  const queue = new PQueue({ concurrency: AT_ONCE });

  async function queued<T>(work: () => Promise<T>): Promise<T> {
    if (queue.size >= MAX_WAITING) throw busy();
    return queue.add(work);
  }

  return {
    hash: (password) => queued(() => hash(written(password), PARAMETERS)),
    async verify(passwordHash, password) {
      const matches = await queued(() => verify(passwordHash ?? NO_USER_HASH, written(password)));
      return passwordHash !== null && matches;
    },
  };
}

/** Keyboards disagree on how to write `é`; both ways are the same password. */
function written(password: string): string {
  return password.normalize('NFC');
}

/** Costs what a real hash costs, and belongs to no password. */
function emptyHash(): string {
  const { memoryCost, timeCost, parallelism, outputLen } = PARAMETERS;
  const unpadded = (bytes: number): string => Buffer.alloc(bytes).toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${unpadded(16)}$${unpadded(outputLen)}`;
}

function busy(): Failure {
  const refusal = { ...refuse('server.busy', 'Too many people are signing in at this moment.'), retryAfterSeconds: 5 };
  return new Failure(refusal, `more than ${MAX_WAITING} passwords waiting to be checked`);
}
