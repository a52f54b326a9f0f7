import type { PasswordHasher } from '../../domain/ports.ts';
import type { PasskeySite } from '../../domain/second-factor.ts';
import { isRefusal, type Refusal } from '../../lib/problems.ts';
import { checkPassword } from '../check-password.ts';
import type { Admin } from './find-admin.ts';
import { type OpenedAdminSession, renewAdminSession } from './open-admin-session.ts';
import { checkSecondFactor, type SecondFactorProof } from './second-factor/check-second-factor.ts';
import type { SecondFactorDeps } from './second-factor/second-factor-deps.ts';

/** The password, or a second factor: the session has proved the other one before. */
export type Proof = { readonly kind: 'password'; readonly password: string } | SecondFactorProof;

interface ConfirmDeps extends SecondFactorDeps {
  readonly passwords: PasswordHasher;
}

/** The administrator proves again who it is. Null for a wrong proof. */
export async function confirmAdmin(
  deps: ConfirmDeps,
  admin: Admin,
  attempt: { readonly proof: Proof; readonly site: PasskeySite; readonly address: string },
): Promise<OpenedAdminSession | Refusal | null> {
  const checked = await checkProof(deps, admin, attempt);
  if (checked === null || isRefusal(checked)) return checked;
  await deps.audit.record({ action: 'administrator.confirmed', actor: admin.user.name, address: attempt.address });
  return renewAdminSession(deps, admin);
}

async function checkProof(
  deps: ConfirmDeps,
  { user }: Admin,
  { proof, site, address }: { readonly proof: Proof; readonly site: PasskeySite; readonly address: string },
): Promise<'right' | Refusal | null> {
  if (proof.kind !== 'password') return checkSecondFactor(deps, user, { proof, site, address, purpose: 'confirm' });
  const { name } = user;
  const known = await deps.guesses.guard({ name, address }, () => checkPassword(deps, { name, password: proof.password }));
  return known === null || isRefusal(known) ? known : 'right';
}
