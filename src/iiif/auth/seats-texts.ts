/**
 * What viewers and pages say where all seats of an item are taken, in every language that we speak.
 * https://iiif.io/api/auth/2.0/#access-token-error-format
 */
import type { LanguageMap } from '../../lib/language-map.ts';
import type { HeadingAndNote } from './texts.ts';

/** `count`: how many readers at once may have it open. */
export function seatsTexts(count: number): HeadingAndNote {
  const said = Object.entries(NOTE).map(([language, [text = '']]) => [language, [text.replace('{count}', String(count))]]);
  return { heading: HEADING, note: Object.fromEntries(said) };
}

const HEADING: LanguageMap = {
  en: ['All seats for this item are taken'],
  de: ['Alle Plätze für dieses Objekt sind belegt'],
  fr: ['Toutes les places pour ce document sont prises'],
};

const NOTE: LanguageMap = {
  en: ['Readers at once who may have it open: {count}. Open the access window to wait for a seat.'],
  de: ['So viele dürfen es zugleich lesen: {count}. Öffnen Sie das Zugangsfenster, um auf einen Platz zu warten.'],
  fr: ['Nombre de lecteurs admis en même temps : {count}. Ouvrez la fenêtre d’accès pour attendre une place.'],
};
