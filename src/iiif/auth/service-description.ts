import type { LanguageMap } from '../../lib/language-map.ts';
import { ACTIVE_TEXTS, type HeadingAndNote, type ServiceTexts, UNASKED_TEXTS } from './texts.ts';
import type { AuthUris } from './uris.ts';

interface ServiceFacts {
  /** The last segment of the service's URI. */
  readonly name: string;
  /** Names the institution or its domain, as both specifications demand. */
  readonly label: LanguageMap;
  readonly heading: LanguageMap | null;
  readonly note: LanguageMap | null;
  readonly confirmLabel: LanguageMap | null;
  readonly errorHeading: LanguageMap | null;
  readonly errorNote: LanguageMap | null;
}

/** A person is asked: `active` in 2.0. */
export interface ActiveService extends ServiceFacts {
  readonly pattern: 'login' | 'clickthrough';
}

/** Viewers go ahead without asking. */
export interface UnaskedService extends ServiceFacts {
  readonly pattern: 'kiosk' | 'external';
}

/** What a description of an access service is made from, whichever version of the specification it is in. */
export type ServiceSource = ActiveService | UnaskedService;

export function isActive(service: ServiceSource): service is ActiveService {
  return service.pattern === 'login' || service.pattern === 'clickthrough';
}

/** The texts of a service, completed: every recommended one is there, and a note never stands without its heading. */
export interface CompleteTexts extends Omit<ServiceTexts, 'errorNote'> {
  readonly label: LanguageMap;
  readonly errorNote: LanguageMap | null;
}

export function completeTexts(service: ActiveService, uris: AuthUris): CompleteTexts {
  const texts = ACTIVE_TEXTS[service.pattern];
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

/** What to say where a service without interaction gave nothing. */
export function failureTexts(service: UnaskedService): HeadingAndNote {
  const texts = UNASKED_TEXTS[service.pattern];
  return { heading: service.errorHeading ?? texts.errorHeading, note: service.errorNote ?? texts.errorNote };
}

function withHost(map: LanguageMap, host: string): LanguageMap {
  return Object.fromEntries(
    Object.entries(map).map(([language, texts]) => [language, texts.map((text) => text.replaceAll('{host}', host))]),
  );
}
