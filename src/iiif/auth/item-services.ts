/**
 * Both specifications on one resource: viewers that know only one of them skip what they do not know.
 * https://iiif.io/api/auth/1.0/#workflow-from-the-browser-client-perspective
 * https://iiif.io/api/auth/2.0/#21-declaring-services
 */
import { parseAcceptLanguage } from '../../lib/accept-language.ts';
import type { ServiceSource } from './service-description.ts';
import { type AuthCookieService1, cookieService1 } from './services-1.ts';
import { AUTH2_CONTEXT, type AuthProbeService2, probeService2 } from './services-2.ts';
import type { AuthUris } from './uris.ts';

export type AuthService = AuthCookieService1 | (AuthProbeService2 & { readonly '@context'?: typeof AUTH2_CONTEXT });

export interface ItemServicesInput {
  /** Of the document that embeds the services: Image or Presentation API. */
  readonly version: 2 | 3;
  readonly identifier: string;
  /** The access services that can help. */
  readonly services: readonly ServiceSource[];
  readonly uris: AuthUris;
  /** The header; the strings of Authentication 1.0 have one language each. */
  readonly acceptLanguage: string | null;
}

/** The order in which viewers try the profiles, of 1.0 (§4) and of 2.0 (§3.3); some look at the first service only. */
const PATTERN_ORDER = { external: 0, kiosk: 1, clickthrough: 2, login: 3 } as const;

/**
 * The `service` list of a locked item; empty where no service can help. A document of version 3 puts `AUTH2_CONTEXT`
 * before its own `@context`; in one of version 2.1 each service brings its context along.
 */
export function itemAuthServices(input: ItemServicesInput): readonly AuthService[] {
  const { version, identifier, uris } = input;
  if (input.services.length === 0) return [];
  const services = inProfileOrder(input.services);
  const preferences = parseAcceptLanguage(input.acceptLanguage);
  const probe = probeService2(identifier, services, uris);
  return [
    ...services.map((service) => cookieService1(service, uris, preferences)),
    version === 2 ? { '@context': AUTH2_CONTEXT, ...probe } : probe,
  ];
}

export function inProfileOrder(services: readonly ServiceSource[]): readonly ServiceSource[] {
  return services.toSorted((a, b) => PATTERN_ORDER[a.pattern] - PATTERN_ORDER[b.pattern]);
}
