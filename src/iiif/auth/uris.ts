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
  return {
    access: (service) => `${base}/auth/access/${service}`,
    access1: (service) => `${base}/auth/access/1/${service}`,
    token1: (service) => `${base}/auth/token/1/${service}`,
    token2: (service) => `${base}/auth/token/2/${service}`,
    logout: (service) => `${base}/auth/logout/${service}`,
    logout1: (service) => `${base}/auth/logout/1/${service}`,
    probe1: (identifier) => `${base}/auth/probe/1/${encodeIdentifier(identifier, slashSubstitute)}`,
    probe: (identifier) => `${base}/auth/probe/${encodeIdentifier(identifier, slashSubstitute)}`,
  };
}
