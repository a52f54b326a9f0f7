import type { SignedOn } from '../../flows/find-sign-on.ts';
import type { SignOutElsewhere } from '../../ui/pages/signed-out.ts';
import type { AccessDeps } from '../access/access-deps.ts';
import type { HttpRequest } from '../server/exchange.ts';
import { identityAddresses } from './identity-addresses.ts';
import { labelOf } from './offered-sources.ts';

/** Where the visitor can sign out at the source too; null where it knows no such thing, or cannot be asked. */
export async function findSignOutElsewhere(
  deps: AccessDeps,
  request: HttpRequest,
  signedOn: SignedOn | null,
): Promise<SignOutElsewhere | null> {
  const url = signedOn === null ? null : await urlOf(deps, request, signedOn);
  return signedOn === null || url === null ? null : { label: labelOf(request, signedOn.known), url };
}

async function urlOf(deps: AccessDeps, request: HttpRequest, { known, hint }: SignedOn): Promise<string | null> {
  const { source } = known;
  if (source.flow === 'headers') return source.signOutPath;
  const addresses = identityAddresses(deps, request, known.name);
  if (source.flow === 'password' || addresses === null) return null;
  return source.logoutUrl(hint, `${request.base}/`, addresses).catch((error: unknown) => {
    deps.onFailure(error);
    return null;
  });
}
