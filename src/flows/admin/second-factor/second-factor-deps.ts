import type { OneTimeIds } from '../../../domain/identity.ts';
import type { Signer } from '../../../domain/ports.ts';
import type { OneTimeCodes, Passkeys, SecondFactorStore } from '../../../domain/second-factor.ts';
import type { Sealer } from '../../../domain/sign-on.ts';
import type { GuessLimits } from '../../limit-guesses.ts';
import type { AdminSessionDeps } from '../find-admin.ts';

export interface SecondFactorDeps extends AdminSessionDeps {
  readonly secondFactors: SecondFactorStore;
  readonly oneTimeCodes: OneTimeCodes;
  readonly passkeys: Passkeys;
  readonly sealer: Sealer;
  readonly signer: Signer;
  readonly guesses: GuessLimits;
  /** Challenges that were answered. */
  readonly spentChallenges: OneTimeIds;
}
