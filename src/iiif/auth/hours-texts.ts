/**
 * What viewers and pages say of a service outside its opening hours, in every language that we speak.
 * https://iiif.io/api/auth/2.0/#access-token-error-format
 */
import type { LanguageMap } from '../../lib/language-map.ts';
import { writeDayAndTime } from '../../lib/written-date.ts';
import type { HeadingAndNote } from './texts.ts';

/** `opensAt`: null where it does not open again within a year. `zone`: of the place, whose clock counts. */
export function hoursTexts(opensAt: Date | null, zone: string): HeadingAndNote {
  if (opensAt === null) return { heading: HEADING, note: NO_DATE };
  const said = Object.entries(NOTE).map(([language, [text = '']]) => {
    return [language, [text.replace('{time}', writeDayAndTime(opensAt, language, zone))]];
  });
  return { heading: HEADING, note: Object.fromEntries(said) };
}

const HEADING: LanguageMap = {
  en: ['This is closed at this hour'],
  de: ['Um diese Zeit ist geschlossen'],
  fr: ['C’est fermé à cette heure'],
};

const NOTE: LanguageMap = {
  en: ['It opens again on {time}. Please come back then.'],
  de: ['Geöffnet wird wieder am {time}. Bitte kommen Sie dann wieder.'],
  fr: ['Réouverture le {time}. Veuillez revenir à ce moment-là.'],
};

const NO_DATE: LanguageMap = {
  en: ['No day is known on which it opens again. Please ask the institution.'],
  de: ['Es ist kein Tag bekannt, an dem wieder geöffnet wird. Bitte fragen Sie die Einrichtung.'],
  fr: ['Aucun jour de réouverture n’est connu. Veuillez vous adresser à l’institution.'],
};
