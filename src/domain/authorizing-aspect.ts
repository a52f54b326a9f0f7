import { findNetwork, type Network } from '../lib/network.ts';
import type { AccessService } from './access.ts';
import type { Visitor } from './visitor.ts';

/** What of a request gives a visitor what an access service gives. https://iiif.io/api/auth/2.0/#terminology */
export type AuthorizingAspect =
  /** The visitor has been through the service. */
  | { readonly kind: 'visit' }
  /** The visitor is at an address of this network now. */
  | { readonly kind: 'network'; readonly network: Network }
  /** The visitor is at a machine that was registered for the service. */
  | { readonly kind: 'device' }
  /** The visitor signed in on our own pages. */
  | { readonly kind: 'account' };

type Places = Pick<AccessService, 'networks' | 'devices'>;

/** Whether a service opens at certain places only: in networks, at registered devices, or both. */
export function isBoundToAPlace({ networks, devices }: Places): boolean {
  return networks.length > 0 || devices === true;
}

/** Whether whoever holds what the service gives has signed in. */
export function isForAccounts(service: Pick<AccessService, 'pattern'> & Places): boolean {
  return !isBoundToAPlace(service) && (service.pattern === 'login' || service.pattern === 'external');
}

/** Whether a cookie may be what opens a service, and not an address alone. */
export function countsByCookie(service: Places): boolean {
  return service.devices === true || !isBoundToAPlace(service);
}

/**
 * What the visitor holds of the service at this moment; null for nothing. Where a service is bound to a place, the place alone
 * counts, so that nobody carries a visit out of a reading room.
 */
export function findAspect(service: AccessService, visitor: Visitor): AuthorizingAspect | null {
  if (isBoundToAPlace(service)) return findPlace(service, visitor);
  if (service.pattern === 'external') return isSignedIn(service, visitor) ? { kind: 'account' } : null;
  return visitor.services.has(service.name) ? { kind: 'visit' } : null;
}

function findPlace(service: AccessService, { address, devices }: Pick<Visitor, 'address' | 'devices'>): AuthorizingAspect | null {
  const network = findNetwork(service.networks, address);
  if (network !== null) return { kind: 'network', network };
  return service.devices === true && devices.has(service.name) ? { kind: 'device' } : null;
}

/** Whether anything that the visitor does in a browser can give what the service gives; going somewhere else is no such thing. */
export function canHelp(service: AccessService, visitor: Visitor): boolean {
  return !isBoundToAPlace(service) || findAspect(service, visitor) !== null;
}

/** A token, or a signed path, stands for its one service, whatever else its owner may do. A personal token stands for none of these. */
function isSignedIn(service: AccessService, visitor: Visitor): boolean {
  const standsForOne = visitor.by === 'access-token' || visitor.by === 'signed-path' || visitor.by === 'personal-token';
  return visitor.user !== null && (!standsForOne || visitor.services.has(service.name));
}
