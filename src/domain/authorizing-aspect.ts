import { findNetwork, type Network } from '../lib/network.ts';
import type { AccessService } from './access.ts';
import type { Visitor } from './visitor.ts';

/** What of a request gives a visitor what an access service gives. https://iiif.io/api/auth/2.0/#terminology */
export type AuthorizingAspect =
  /** The visitor has been through the service. */
  | { readonly kind: 'visit' }
  /** The visitor is at an address of this network now. */
  | { readonly kind: 'network'; readonly network: Network }
  /** The visitor signed in on our own pages. */
  | { readonly kind: 'account' };

/**
 * What the visitor holds of the service at this moment; null for nothing. Where a service has networks, the address alone
 * counts, so that nobody carries a visit out of a reading room.
 */
export function findAspect(service: AccessService, visitor: Visitor): AuthorizingAspect | null {
  if (service.networks.length > 0) {
    const network = findNetwork(service.networks, visitor.address);
    return network === null ? null : { kind: 'network', network };
  }
  if (service.pattern === 'external') return isSignedIn(service, visitor) ? { kind: 'account' } : null;
  return visitor.services.has(service.name) ? { kind: 'visit' } : null;
}

/** Whether anything that the visitor does in a browser can give what the service gives; going somewhere else is no such thing. */
export function canHelp(service: AccessService, visitor: Visitor): boolean {
  return service.networks.length === 0 || findAspect(service, visitor) !== null;
}

/** A token, or a signed path, stands for its one service, whatever else its owner may do. */
function isSignedIn(service: AccessService, visitor: Visitor): boolean {
  const standsForOne = visitor.by === 'access-token' || visitor.by === 'signed-path';
  return visitor.user !== null && (!standsForOne || visitor.services.has(service.name));
}
