import type { LanguageMap } from '../../lib/language-map.ts';
import { SERVICE_TEXTS, type ServiceTexts } from './texts.ts';
import type { AuthUris } from './uris.ts';

/** What a description of an access service is made from, whichever version of the specification it is in. */
export interface ServiceSource {
  /** The last segment of the service's URI. */
  readonly name: string;
  readonly pattern: 'login' | 'clickthrough';
  /** Names the institution or its domain, as both specifications demand. */
  readonly label: LanguageMap;
  readonly heading: LanguageMap | null;
  readonly note: LanguageMap | null;
  readonly confirmLabel: LanguageMap | null;
  readonly errorHeading: LanguageMap | null;
  readonly errorNote: LanguageMap | null;
}

/** The texts of a service, completed: every recommended one is there, and a note never stands without its heading. */
export interface CompleteTexts extends Omit<ServiceTexts, 'errorNote'> {
  readonly label: LanguageMap;
  readonly errorNote: LanguageMap | null;
}

export function completeTexts(service: ServiceSource, uris: AuthUris): CompleteTexts {
  const texts = SERVICE_TEXTS[service.pattern];
  return {
    label: service.label,
    heading: service.heading ?? texts.heading,
    note: service.note ?? texts.note,
    confirmLabel: service.confirmLabel ?? texts.confirmLabel,
    errorHeading: service.errorHeading ?? texts.errorHeading,
    errorNote: service.errorNote ?? (service.errorHeading === null ? texts.errorNote : null),
    logoutLabel: withHost(texts.logoutLabel, new URL(uris.logout(service.name)).host),
  };
}

function withHost(map: LanguageMap, host: string): LanguageMap {
  return Object.fromEntries(
    Object.entries(map).map(([language, texts]) => [language, texts.map((text) => text.replaceAll('{host}', host))]),
  );
}
