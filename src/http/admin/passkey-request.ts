import type { PasskeySite } from '../../domain/second-factor.ts';
import type { User } from '../../domain/session.ts';
import type { SecondFactorProof } from '../../flows/admin/second-factor/check-second-factor.ts';
import { type ChallengeFor, newChallenge } from '../../flows/admin/second-factor/passkey-challenge.ts';
import type { PasskeyAsked } from '../../ui/admin/passkey-form.ts';
import type { HttpRequest } from '../server/exchange.ts';
import type { AdminDeps } from './admin-deps.ts';

/** We, as browsers know us; passkeys are for one host. */
export function siteOf(request: HttpRequest): PasskeySite {
  return { origin: request.origin, host: new URL(request.origin).hostname };
}

/** What a page asks a browser for: a passkey of this user, or of anybody. */
export async function askPasskey(
  deps: AdminDeps,
  request: HttpRequest,
  { purpose, user }: { readonly purpose: ChallengeFor['purpose']; readonly user: User | null },
): Promise<PasskeyAsked> {
  const known = user === null ? null : await deps.secondFactors.listPasskeys(user.id);
  const { challenge, field } = newChallenge(deps, { purpose, subject: user?.id ?? null });
  return { options: await deps.passkeys.request(siteOf(request), known, challenge), challenge: field };
}

/** The second factor in a form; null where there is none. `prefix` stands before the names of its fields. */
export function readProof(form: URLSearchParams, prefix = ''): SecondFactorProof | null {
  const [code, answer] = [form.get(`${prefix}code`), form.get(`${prefix}passkey`)];
  if (answer !== null) return { kind: 'passkey', answer, challenge: form.get(`${prefix}challenge`) ?? '' };
  return code === null ? null : { kind: 'code', code };
}
