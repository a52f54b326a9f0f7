import type { IdentityAddresses } from '../../domain/identity.ts';
import type { HttpRequest } from '../server/exchange.ts';

/** Names of this machine, which nobody else's can be. */
const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Where sources send people back to. Null where our address is only what the `Host` header says: an answer that was meant
 * for another site would fit it. The start says what to set.
 */
export function identityAddresses(
  { hasPublicUrl }: { readonly hasPublicUrl: boolean },
  { base, origin }: Pick<HttpRequest, 'base' | 'origin'>,
  name: string,
): IdentityAddresses | null {
  if (!hasPublicUrl && !OWN_NAMES.includes(new URL(origin).hostname)) return null;
  const of = (end: string) => `${base}/identity/${name}/${end}`;
  return { callback: of('callback'), logout: of('logout'), metadata: of('metadata') };
}
