/**
 * Service descriptions of Authorization Flow 2.0: a probe service, in it access services, in each a token and a logout service.
 * https://iiif.io/api/auth/2.0/#access-service-description
 * https://iiif.io/api/auth/2.0/#probe-service-description
 */
import type { LanguageMap } from '../../lib/language-map.ts';
import { textsWithoutMarkup } from './markup.ts';
import {
  type ActiveService,
  completeTexts,
  failureTexts,
  isActive,
  type ServiceSource,
  type UnaskedService,
} from './service-description.ts';
import { PROBE_TEXTS } from './texts.ts';
import type { AuthUris } from './uris.ts';

export const AUTH2_CONTEXT = 'http://iiif.io/api/auth/2/context.json';

export interface AuthProbeService2 {
  readonly id: string;
  readonly type: 'AuthProbeService2';
  /** Not asked for by the specification: Mirador 3 and 4 stop at a service without a string here. */
  readonly profile: 'http://iiif.io/api/auth/2/probe';
  readonly errorHeading: LanguageMap;
  readonly errorNote: LanguageMap;
  readonly service: readonly AuthAccessService2[];
}

export interface AuthAccessService2 {
  /** An external service has none: there is nothing to open. */
  readonly id?: string;
  readonly type: 'AuthAccessService2';
  readonly profile: 'active' | 'kiosk' | 'external';
  readonly label: LanguageMap;
  /** This and what follows: of an active service only. */
  readonly heading?: LanguageMap;
  readonly note?: LanguageMap;
  readonly confirmLabel?: LanguageMap;
  readonly service: readonly [AuthAccessTokenService2] | readonly [AuthAccessTokenService2, AuthLogoutService2];
}

export interface AuthAccessTokenService2 {
  readonly id: string;
  readonly type: 'AuthAccessTokenService2';
  readonly errorHeading: LanguageMap;
  readonly errorNote?: LanguageMap;
}

export interface AuthLogoutService2 {
  readonly id: string;
  readonly type: 'AuthLogoutService2';
  readonly label: LanguageMap;
}

/** The document that embeds it names `AUTH2_CONTEXT` first in its own `@context`. */
export function probeService2(identifier: string, services: readonly ServiceSource[], uris: AuthUris): AuthProbeService2 {
  const { heading, note } = PROBE_TEXTS['access-needed'];
  return {
    id: uris.probe(identifier),
    type: 'AuthProbeService2',
    profile: 'http://iiif.io/api/auth/2/probe',
    errorHeading: heading,
    errorNote: note,
    service: services.map((service) => accessService2(service, uris)),
  };
}

export function accessService2(service: ServiceSource, uris: AuthUris): AuthAccessService2 {
  return isActive(service) ? activeService2(service, uris) : unaskedService2(service, uris);
}

function activeService2(service: ActiveService, uris: AuthUris): AuthAccessService2 {
  const texts = completeTexts(service, uris);
  return {
    id: uris.access(service.name),
    type: 'AuthAccessService2',
    profile: 'active',
    label: texts.label,
    heading: texts.heading,
    note: textsWithoutMarkup(texts.note),
    confirmLabel: texts.confirmLabel,
    service: [
      {
        id: uris.token2(service.name),
        type: 'AuthAccessTokenService2',
        errorHeading: texts.errorHeading,
        ...(texts.errorNote === null ? {} : { errorNote: textsWithoutMarkup(texts.errorNote) }),
      },
      { id: uris.logout(service.name), type: 'AuthLogoutService2', label: texts.logoutLabel },
    ],
  };
}

/** https://iiif.io/api/auth/2.0/#kiosk-interaction-pattern, https://iiif.io/api/auth/2.0/#external-interaction-pattern */
function unaskedService2(service: UnaskedService, uris: AuthUris): AuthAccessService2 {
  const { heading, note } = failureTexts(service);
  return {
    ...(service.pattern === 'external' ? {} : { id: uris.access(service.name) }),
    type: 'AuthAccessService2',
    profile: service.pattern,
    label: service.label,
    service: [
      { id: uris.token2(service.name), type: 'AuthAccessTokenService2', errorHeading: heading, errorNote: textsWithoutMarkup(note) },
    ],
  };
}
