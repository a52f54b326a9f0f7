import { encodeIdentifier } from '../image/parse-path.ts';

/**
 * Where the services are. No URI has a query: viewers append theirs with a `?`. A URI names one service of one
 * specification, for parsers that gather a document by id refuse two types under one.
 */
export interface AuthUris {
  /** Of the access service of Authorization Flow 2.0 with this name. */
  access(service: string): string;
  /** Of the same, as access cookie service of Authentication 1.0. */
  access1(service: string): string;
  /** Of the access token service of Authentication 1.0. */
  token1(service: string): string;
  /** Of the access token service of Authorization Flow 2.0. */
  token2(service: string): string;
  /** Of the logout service of Authorization Flow 2.0. */
  logout(service: string): string;
  /** Of the logout service of Authentication 1.0. */
  logout1(service: string): string;
  probe(identifier: string): string;
  /** Of the probe service beside Authentication 1.0, of what no information document describes. */
  probe1(identifier: string): string;
}

/**
 * `base`: origin and base path, without a slash at the end. `slashSubstitute`: what stands for `%2F` in identifiers, for
 * proxies that do not let it through.
 */
export function authUris(base: string, slashSubstitute: string | null = null): AuthUris {
  // One of a single item has the item's path in its name; any other stays as the access file writes it.
  const named = (path: string, service: string): string =>
    `${base}/auth/${path}/${service.includes('/') ? encodeIdentifier(service, slashSubstitute) : service}`;
  return {
    access: (service) => named('access', service),
    access1: (service) => named('access/1', service),
    token1: (service) => named('token/1', service),
    token2: (service) => named('token/2', service),
    logout: (service) => named('logout', service),
    logout1: (service) => named('logout/1', service),
    probe1: (identifier) => `${base}/auth/probe/1/${encodeIdentifier(identifier, slashSubstitute)}`,
    probe: (identifier) => `${base}/auth/probe/${encodeIdentifier(identifier, slashSubstitute)}`,
  };
}
