/**
 * Service descriptions of Authentication 1.0, in the `@id` syntax that it shares with Image API 2.1 and Presentation API 2.1.
 * https://iiif.io/api/auth/1.0/#service-description
 */
import type { LanguageMap } from '../../lib/language-map.ts';
import { chooseTexts } from './language.ts';
import { safeMarkup } from './markup.ts';
import {
  type ActiveService,
  completeTexts,
  failureTexts,
  isActive,
  type ServiceSource,
  type UnaskedService,
} from './service-description.ts';
import type { AuthUris } from './uris.ts';

export const AUTH1_CONTEXT = 'http://iiif.io/api/auth/1/context.json';

/** `@type` is what Presentation and Image API 3.0 ask of services in the older syntax. https://iiif.io/api/presentation/3.0/#service */
export interface AuthCookieService1 {
  readonly '@context': typeof AUTH1_CONTEXT;
  /** An external service has none: there is nothing to open. */
  readonly '@id'?: string;
  readonly '@type': 'AuthCookieService1';
  readonly profile: `http://iiif.io/api/auth/1/${ServiceSource['pattern']}`;
  readonly label: string;
  readonly header?: string;
  /** HTML. */
  readonly description?: string;
  readonly confirmLabel?: string;
  readonly failureHeader: string;
  /** HTML. */
  readonly failureDescription?: string;
  readonly service: readonly [AuthTokenService1] | readonly [AuthTokenService1, AuthLogoutService1];
}

export interface AuthTokenService1 {
  readonly '@id': string;
  readonly '@type': 'AuthTokenService1';
  readonly profile: 'http://iiif.io/api/auth/1/token';
}

export interface AuthLogoutService1 {
  readonly '@id': string;
  readonly '@type': 'AuthLogoutService1';
  readonly profile: 'http://iiif.io/api/auth/1/logout';
  readonly label: string;
}

/** `preferences`: language ranges, the preferred one first; the strings of 1.0 have one language each. */
export function cookieService1(service: ServiceSource, uris: AuthUris, preferences: readonly string[]): AuthCookieService1 {
  return isActive(service) ? activeService1(service, uris, preferences) : unaskedService1(service, uris, preferences);
}

function activeService1(service: ActiveService, uris: AuthUris, preferences: readonly string[]): AuthCookieService1 {
  const texts = completeTexts(service, uris);
  const plain = (map: LanguageMap): string => chooseTexts(map, preferences).join(' ');
  return {
    '@context': AUTH1_CONTEXT,
    '@id': uris.access1(service.name),
    '@type': 'AuthCookieService1',
    profile: `http://iiif.io/api/auth/1/${service.pattern}`,
    label: plain(texts.label),
    header: plain(texts.heading),
    description: safeMarkup(plain(texts.note)),
    confirmLabel: plain(texts.confirmLabel),
    failureHeader: plain(texts.errorHeading),
    ...(texts.errorNote === null ? {} : { failureDescription: safeMarkup(plain(texts.errorNote)) }),
    service: [
      tokenService1(service, uris),
      {
        '@id': uris.logout1(service.name),
        '@type': 'AuthLogoutService1',
        profile: 'http://iiif.io/api/auth/1/logout',
        label: plain(texts.logoutLabel),
      },
    ],
  };
}

/** Viewers show none of the other texts, since nobody is asked. https://iiif.io/api/auth/1.0/#kiosk-interaction-pattern */
function unaskedService1(service: UnaskedService, uris: AuthUris, preferences: readonly string[]): AuthCookieService1 {
  const { heading, note } = failureTexts(service);
  const plain = (map: LanguageMap): string => chooseTexts(map, preferences).join(' ');
  return {
    '@context': AUTH1_CONTEXT,
    ...(service.pattern === 'external' ? {} : { '@id': uris.access1(service.name) }),
    '@type': 'AuthCookieService1',
    profile: `http://iiif.io/api/auth/1/${service.pattern}`,
    label: plain(service.label),
    failureHeader: plain(heading),
    failureDescription: safeMarkup(plain(note)),
    service: [tokenService1(service, uris)],
  };
}

function tokenService1({ name }: ServiceSource, uris: AuthUris): AuthTokenService1 {
  return { '@id': uris.token1(name), '@type': 'AuthTokenService1', profile: 'http://iiif.io/api/auth/1/token' };
}
