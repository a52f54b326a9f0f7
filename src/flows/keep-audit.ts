import type { AuditStore, Pseudonymise } from '../domain/audit.ts';
import type { Clock, Signer } from '../domain/ports.ts';

export interface KeepAuditDeps {
  readonly audit: AuditStore;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly limits: AuditLimits;
  /** Aborted when the server stops: what is left waits for the next time. */
  readonly signal: AbortSignal;
}

export interface AuditLimits {
  /** How long an event is kept. */
  readonly days: number;
  /** After how long names and addresses are replaced. */
  readonly pseudonymAfterDays: number;
}

/** Some milliseconds of the database each, so that requests come in between. */
const AT_ONCE = 200;
const PAUSE_MILLISECONDS = 10;
/** Letters of a pseudonym: two people with one are out of the question. */
const PSEUDONYM_LETTERS = 12;

/** Forgets what is old enough, and replaces names and addresses in what is less old; to be run now and then. */
export async function keepAudit({
  audit,
  clock,
  signer,
  limits,
  signal,
}: KeepAuditDeps): Promise<{ removed: number; pseudonymised: number }> {
  const ago = (days: number) => new Date(clock.now().getTime() - days * 86_400_000);
  const [removeBefore, hideBefore] = [ago(limits.days), ago(limits.pseudonymAfterDays)];
  const pseudonymise = pseudonyms(signer);
  return {
    removed: await inBatches(signal, () => audit.removeBefore(removeBefore, AT_ONCE)),
    pseudonymised: await inBatches(signal, () => audit.pseudonymiseBefore(hideBefore, AT_ONCE, pseudonymise)),
  };
}

/** Keyed: nobody without the key of this server can try out names. The same name has the same pseudonym always. */
export function pseudonyms(signer: Signer): Pseudonymise {
  return (kind, text) => `${kind}-${signer.sign(`audit ${kind}`, text).slice(0, PSEUDONYM_LETTERS).toLowerCase()}`;
}

async function inBatches(signal: AbortSignal, change: () => Promise<number>): Promise<number> {
  let all = 0;
  let last = AT_ONCE;
  while (last === AT_ONCE && !signal.aborted) {
    last = await change();
    all += last;
    if (last === AT_ONCE) await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
  return all;
}
