/**
 * What probe and pages say of an item that opens at a date, in every language that we speak.
 * https://iiif.io/api/auth/2.0/#probe-service-response
 */
import type { LanguageMap } from '../../lib/language-map.ts';
import { writeDate } from '../../lib/written-date.ts';
import type { HeadingAndNote } from './texts.ts';

/** `nobody`: no sign-in helps before the date. `some`: those whom the access services let in see it already. */
export function embargoTexts(until: Date, opensTo: 'nobody' | 'some'): HeadingAndNote {
  const { heading, note } = TEXTS[opensTo];
  return { heading: dated(heading, until), note: dated(note, until) };
}

const TEXTS: Readonly<Record<'nobody' | 'some', HeadingAndNote>> = {
  nobody: {
    heading: {
      en: ['This item is closed until {date}'],
      de: ['Dieses Objekt ist bis zum {date} gesperrt'],
      fr: ['Ce document n’est pas accessible avant le {date}'],
    },
    note: {
      en: ['Signing in does not open it before {date}. Please come back then.'],
      de: ['Vor dem {date} hilft auch keine Anmeldung. Bitte kommen Sie dann wieder.'],
      fr: ['Une connexion ne l’ouvre pas avant le {date}. Veuillez revenir à ce moment-là.'],
    },
  },
  some: {
    heading: {
      en: ['Until {date} this item needs access'],
      de: ['Bis zum {date} braucht dieses Objekt einen Zugang'],
      fr: ['Jusqu’au {date}, ce document demande un accès'],
    },
    note: {
      en: ['Before {date} only some people may see it. If you are one of them, please open the access window.'],
      de: ['Vor dem {date} dürfen es nur einige sehen. Wenn Sie dazugehören, öffnen Sie bitte das Zugangsfenster.'],
      fr: ['Avant le {date}, seules certaines personnes peuvent le voir. Si vous en faites partie, veuillez ouvrir la fenêtre d’accès.'],
    },
  },
};

function dated(map: LanguageMap, until: Date): LanguageMap {
  return Object.fromEntries(
    Object.entries(map).map(([language, texts]) => [language, texts.map((text) => text.replaceAll('{date}', writeDate(until, language)))]),
  );
}
