import type { PasskeySite } from '../../../domain/second-factor.ts';
import type { User } from '../../../domain/session.ts';

import { isRefusal, type Refusal } from '../../../lib/problems.ts';
import { type ChallengeFor, takeChallenge } from './passkey-challenge.ts';
import { readJson } from './read-json.ts';
import { recoveryCodeHash } from './recovery-codes.ts';
import { openFor } from './sealed-text.ts';
import type { SecondFactorDeps } from './second-factor-deps.ts';

/** What somebody gives: a code of an app, or a recovery code, or the answer of a passkey as JSON with its challenge. */
export type SecondFactorProof =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'passkey'; readonly answer: string; readonly challenge: string };

export interface ProofAttempt {
  readonly proof: SecondFactorProof;
  readonly site: PasskeySite;
  readonly address: string;
  readonly purpose: Exclude<ChallengeFor['purpose'], 'register'>;
}

/** Whether somebody who is known gives a second factor of their own. Null for a wrong one. */
export async function checkSecondFactor(deps: SecondFactorDeps, user: User, attempt: ProofAttempt): Promise<'right' | Refusal | null> {
  const { proof, address } = attempt;
  const checked = proof.kind === 'code' ? await checkCode(deps, user, proof.code) : await checkOwnPasskey(deps, user, attempt, proof);
  if (checked === 'right') return checked;
  const detail = isRefusal(checked) ? 'too many attempts' : null;
  await deps.audit.record({ action: 'second-factor.failed', address, target: user.name, detail });
  return checked;
}

export interface PasskeyAnswer {
  /** As JSON. */
  readonly answer: string;
  /** As it came with the form. */
  readonly challenge: string;
}

/** Whoever a passkey belongs to, where it verified its user as well: that is two factors in one. Null for a wrong one. */
export async function recogniseByPasskey(
  deps: SecondFactorDeps,
  site: PasskeySite,
  given: PasskeyAnswer & { readonly address: string },
): Promise<User | null> {
  const user = await findByPasskey(deps, site, given);
  if (user === null) {
    await deps.audit.record({ action: 'administrator.sign-in.failed', address: given.address, detail: 'by a passkey' });
  }
  return user;
}

async function findByPasskey(deps: SecondFactorDeps, site: PasskeySite, given: PasskeyAnswer): Promise<User | null> {
  const challenge = await takeChallenge(deps, { purpose: 'sign-in', subject: null }, given.challenge);
  const answer = readJson(given.answer);
  const credential = deps.passkeys.credentialOf(answer);
  if (challenge === null || credential === null) return null;
  const passkey = await deps.secondFactors.findPasskey(credential);
  const checked = passkey === null ? null : await deps.passkeys.check(site, answer, challenge, passkey);
  if (passkey === null || checked === null || !checked.userVerified) return null;
  if (!(await deps.secondFactors.useCounter(passkey.id, checked.counter, deps.clock.now()))) return null;
  const user = await deps.users.findById(passkey.userId);
  return user === null || user.disabledAt !== null ? null : user;
}

/** Guesses count for the user, wherever they come from: only who has the password gets here, and six digits are few. */
function checkCode(deps: SecondFactorDeps, user: User, code: string): Promise<'right' | Refusal | null> {
  return deps.guesses.guard({ name: `second factor of ${user.id}`, address: user.id }, async () => {
    const isRight =
      (await isOneTimeCode(deps, user, code)) ||
      (await deps.secondFactors.useRecoveryCode(user.id, recoveryCodeHash(deps.randomness, code)));
    return isRight ? 'right' : null;
  });
}

async function isOneTimeCode(deps: SecondFactorDeps, user: User, code: string): Promise<boolean> {
  const now = deps.clock.now();
  for (const { id, sealedSecret } of await deps.secondFactors.listOneTimeCodes(user.id)) {
    const secret = openFor(deps.sealer, sealPurpose(user), sealedSecret);
    const step = secret === null ? null : deps.oneTimeCodes.stepOf(secret, code, now);
    if (step !== null && (await deps.secondFactors.useStep(id, step, now))) return true;
  }
  return false;
}

async function checkOwnPasskey(
  deps: SecondFactorDeps,
  user: User,
  { site, purpose }: ProofAttempt,
  given: PasskeyAnswer,
): Promise<'right' | null> {
  const challenge = await takeChallenge(deps, { purpose, subject: user.id }, given.challenge);
  const answer = readJson(given.answer);
  const credential = deps.passkeys.credentialOf(answer);
  const passkey = (await deps.secondFactors.listPasskeys(user.id)).find(({ credentialId }) => credentialId === credential);
  if (challenge === null || passkey === undefined) return null;
  const checked = await deps.passkeys.check(site, answer, challenge, passkey);
  if (checked === null || !(await deps.secondFactors.useCounter(passkey.id, checked.counter, deps.clock.now()))) return null;
  return 'right';
}

/** A sealed secret counts for its user alone, wherever it is put. */
export function sealPurpose({ id }: Pick<User, 'id'>): string {
  return `one-time codes of ${id}`;
}
