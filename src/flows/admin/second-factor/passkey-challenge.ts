import type { SecondFactorDeps } from './second-factor-deps.ts';

/** https://www.w3.org/TR/webauthn-3/#sctn-cryptographic-challenges asks for 16 at least. */
const CHALLENGE_BYTES = 32;
/** As long as a page with it may be open. */
const CHALLENGE_MINUTES = 10;
const WRITTEN = /^([A-Za-z0-9_-]{43})\.([0-9]{1,15})\.([A-Za-z0-9_-]{43})$/;

type ChallengeDeps = Pick<SecondFactorDeps, 'clock' | 'randomness' | 'signer' | 'spentChallenges'>;

/** What a passkey is asked for, and by whom: an answer for one is none for another. */
export interface ChallengeFor {
  readonly purpose: 'register' | 'sign-in' | 'second-factor' | 'confirm';
  /** The user, where it is known who asks. */
  readonly subject: string | null;
}

/** `field` goes with the form, so that nothing needs to be kept for those who never answer. */
export function newChallenge(deps: ChallengeDeps, of: ChallengeFor): { readonly challenge: string; readonly field: string } {
  const challenge = deps.randomness.token(CHALLENGE_BYTES);
  const until = deps.clock.now().getTime() + CHALLENGE_MINUTES * 60_000;
  return { challenge, field: `${challenge}.${until}.${sign(deps, of, challenge, until)}` };
}

/** The challenge of a field, once: null where it is over, was answered, or is not ours. */
export async function takeChallenge(deps: ChallengeDeps, of: ChallengeFor, field: string): Promise<string | null> {
  const [, challenge = '', digits = '', signature = ''] = WRITTEN.exec(field) ?? [];
  const until = Number(digits);
  if (challenge === '' || until <= deps.clock.now().getTime()) return null;
  if (!deps.randomness.equal(signature, sign(deps, of, challenge, until))) return null;
  return (await deps.spentChallenges.spend(challenge, new Date(until))) ? challenge : null;
}

function sign(deps: ChallengeDeps, { purpose, subject }: ChallengeFor, challenge: string, until: number): string {
  return deps.signer.sign('passkey challenge', [purpose, subject ?? '', challenge, until].join('\n'));
}
