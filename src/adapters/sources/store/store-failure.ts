import { Failure, refuse } from '../../../lib/problems.ts';

/** Seconds after which a store that did not answer may be asked again. */
const RETRY_AFTER_SECONDS = 10;

/** The public sentence names neither store nor key; the private detail does. */
export function unreachable(what: string, why: string, cause?: unknown): Failure {
  const refusal = refuse(
    'source.unreachable',
    'The place where this item is kept does not answer as it should. Asking again later may work.',
  );
  return new Failure({ ...refusal, retryAfterSeconds: RETRY_AFTER_SECONDS }, `${what}: ${why}`, { cause });
}

export function tooSlow(what: string, why: string, cause?: unknown): Failure {
  const refusal = refuse('source.slow', 'The place where this item is kept does not answer in time. Asking again later may work.');
  return new Failure({ ...refusal, retryAfterSeconds: RETRY_AFTER_SECONDS }, `${what}: ${why}`, { cause });
}

export function changed(what: string): Failure {
  const refusal = refuse('source.broken', 'The file behind this item changed while it was being read. Asking again may work.');
  return new Failure(refusal, `${what}: it is not the object that was found`);
}
