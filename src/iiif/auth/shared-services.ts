/**
 * Access services in a document about many items: stated in full once, and by reference on each item.
 * https://iiif.io/api/presentation/3.0/#services
 * https://iiif.io/api/auth/2.0/#21-declaring-services
 */
import { parseAcceptLanguage } from '../../lib/accept-language.ts';
import { inProfileOrder } from './item-services.ts';
import { probeService1 } from './probe-1.ts';
import type { ServiceSource } from './service-description.ts';
import { type AuthCookieService1, cookieService1 } from './services-1.ts';
import { AUTH2_CONTEXT, type AuthAccessService2, type AuthProbeService2, accessService2, probeService2 } from './services-2.ts';
import type { AuthUris } from './uris.ts';

/** What a reference to a service of Authentication 1.0 has; Mirador needs the profile to go on. */
type CookieReference = Pick<AuthCookieService1, '@id' | '@type' | 'profile'>;
type AccessReference = Pick<AuthAccessService2, 'id' | 'type' | 'profile'>;
export type ProbeWithReferences = Omit<AuthProbeService2, 'service'> & {
  readonly service: ReadonlyArray<AccessReference | AuthAccessService2>;
};

interface SharedInput {
  /** The access services that can help; empty for an open item, which gets nothing. */
  readonly services: readonly ServiceSource[];
  readonly uris: AuthUris;
  /** The header; the strings of Authentication 1.0 have one language each. */
  readonly acceptLanguage: string | null;
}

interface ItemInput extends SharedInput {
  readonly identifier: string;
  /** The access services that the document has given in full, each name once. */
  readonly stated: readonly ServiceSource[];
}

/** The `services` of a document of version 3: every access service in both syntaxes, without its context. */
export function sharedAuthServices({ services, uris, acceptLanguage }: SharedInput): readonly object[] {
  // An external service has no address, so nothing can refer to it: it is in full where it is needed.
  const ordered = inProfileOrder(services).filter(({ pattern }) => pattern !== 'external');
  const preferences = parseAcceptLanguage(acceptLanguage);
  return [
    ...ordered.map((service) => cookieService1(service, uris, preferences)),
    ...ordered.map((service) => accessService2(service, uris)),
  ];
}

/** The `service` list of a locked description, in documents of both versions: the access services of Authentication 1.0 in full. */
export function descriptionServices1({ services, uris, acceptLanguage }: SharedInput): readonly object[] {
  const preferences = parseAcceptLanguage(acceptLanguage);
  return inProfileOrder(services).map((service) => cookieService1(service, uris, preferences));
}

/** The probe service of one item, its access services by reference. */
export function probeWithReferences({ identifier, services, uris, stated }: ItemInput): ProbeWithReferences {
  const ordered = inProfileOrder(services);
  return { ...probeService2(identifier, [], uris), service: ordered.map((service) => accessService(service, uris, stated)) };
}

/** The `service` list of an image service of version 3, all by reference: the probe service is on the image itself. */
export function itemAuthReferences({ identifier, services, uris, acceptLanguage, stated }: ItemInput): readonly object[] {
  if (services.length === 0) return [];
  const preferences = parseAcceptLanguage(acceptLanguage);
  const { id, type, profile } = probeService2(identifier, [], uris);
  return [...inProfileOrder(services).map((service) => cookieService(service, uris, preferences, stated)), { id, type, profile }];
}

/** The `service` list of a file in a document of version 3, which has no description of its own: access services by reference, the probe service here. */
export function fileAuthServices(input: ItemInput): readonly object[] {
  const { services, uris, acceptLanguage, stated } = input;
  if (services.length === 0) return [];
  const preferences = parseAcceptLanguage(acceptLanguage);
  return [...inProfileOrder(services).map((service) => cookieService(service, uris, preferences, stated)), probeWithReferences(input)];
}

/** The same of a sound or a film, with the probe service that Universal Viewer asks before it plays one. */
export function playedAuthServices(input: ItemInput): readonly object[] {
  const services = fileAuthServices(input);
  return services.length === 0 ? [] : [...services, probeService1(input.uris.probe1(input.identifier))];
}

/** The `service` list of an item in a document of version 2.1: what `stated` names was given in full before. */
export function itemAuthServices2(input: ItemInput): readonly object[] {
  const { identifier, uris, stated } = input;
  if (input.services.length === 0) return [];
  const services = inProfileOrder(input.services);
  const preferences = parseAcceptLanguage(input.acceptLanguage);
  return [
    ...services.map((service) => cookieService(service, uris, preferences, stated)),
    { '@context': AUTH2_CONTEXT, ...probeWithReferences({ ...input, identifier, services, uris, stated }) },
  ];
}

/** The same service may have other texts on other items; those must not be lost to a reference. */
function isStated(service: ServiceSource, stated: readonly ServiceSource[]): boolean {
  const first = stated.find(({ name }) => name === service.name);
  return first !== undefined && (first === service || TEXTS.every((key) => JSON.stringify(first[key]) === JSON.stringify(service[key])));
}

const TEXTS = ['label', 'heading', 'note', 'confirmLabel', 'errorHeading', 'errorNote'] as const satisfies ReadonlyArray<
  keyof ServiceSource
>;

function accessService(service: ServiceSource, uris: AuthUris, stated: readonly ServiceSource[]): AccessReference | AuthAccessService2 {
  const described = accessService2(service, uris);
  return isStated(service, stated) ? accessReference(described) : described;
}

function cookieService(
  service: ServiceSource,
  uris: AuthUris,
  preferences: readonly string[],
  stated: readonly ServiceSource[],
): CookieReference | AuthCookieService1 {
  const described = cookieService1(service, uris, preferences);
  return isStated(service, stated) ? cookieReference(described) : described;
}

function accessReference(service: AuthAccessService2): AccessReference | AuthAccessService2 {
  const { id, type, profile } = service;
  return id === undefined ? service : { id, type, profile };
}

function cookieReference(described: AuthCookieService1): CookieReference | AuthCookieService1 {
  const { '@id': id, '@type': type, profile } = described;
  return id === undefined ? described : { '@id': id, '@type': type, profile };
}
