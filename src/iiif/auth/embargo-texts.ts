/**
 * What probe and pages say of an item that opens at a date, or has closed at one, in every language that we speak.
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

/** Of an item that was open to some or to all, and is no longer. */
export function closedSinceTexts(since: Date): HeadingAndNote {
  return { heading: dated(CLOSED.heading, since), note: dated(CLOSED.note, since) };
}

const CLOSED: HeadingAndNote = {
  heading: {
    en: ['This item was open until {date}'],
    de: ['Dieses Objekt war bis zum {date} zugänglich'],
    fr: ['Ce document était accessible jusqu’au {date}'],
  },
  note: {
    en: ['It has closed since, and signing in does not open it. Please ask the institution.'],
    de: ['Seitdem ist es geschlossen, und eine Anmeldung öffnet es nicht. Bitte fragen Sie die Einrichtung.'],
    fr: ['Il est fermé depuis, et une connexion ne l’ouvre pas. Veuillez vous adresser à l’institution.'],
  },
};

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
