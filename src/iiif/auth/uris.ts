import { encodeIdentifier } from '../image/parse-path.ts';

/** Where the services are. No URI has a query: viewers append theirs with a `?`. */
export interface AuthUris {
  /** Of the access service (1.0: access cookie service) with this name. */
  access(service: string): string;
  /** Of the access token service of Authentication 1.0. */
  token1(service: string): string;
  /** Of the access token service of Authorization Flow 2.0. */
  token2(service: string): string;
  logout(service: string): string;
  probe(identifier: string): string;
}

/**
 * `base`: origin and base path, without a slash at the end. `slashSubstitute`: what stands for `%2F` in identifiers, for
 * proxies that do not let it through.
 */
export function authUris(base: string, slashSubstitute: string | null = null): AuthUris {
  return {
    access: (service) => `${base}/auth/access/${service}`,
    token1: (service) => `${base}/auth/token/1/${service}`,
    token2: (service) => `${base}/auth/token/2/${service}`,
    logout: (service) => `${base}/auth/logout/${service}`,
    probe: (identifier) => `${base}/auth/probe/${encodeIdentifier(identifier, slashSubstitute)}`,
  };
}
