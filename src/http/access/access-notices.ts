import { fill, type Language } from '../../ui/texts.ts';

/** What our own pages say when something went wrong. `{…}` stands for a value. */
const EN = {
  wrongPassword: 'User name and password do not belong together.',
  sourceUnavailable: 'The accounts of your institution cannot be checked at this moment. Please try again in a minute.',
  throttledSeconds: 'There were too many attempts. Please wait {count} seconds before the next one.',
  throttledMinutes: 'There were too many attempts. Please wait {count} minutes before the next one.',
  refusedFormHeading: 'The form was not accepted',
  refusedForm: 'It is out of date, or it was sent from another site, or your browser keeps no cookies for this site. Please open it again.',
  wrongOriginHeading: 'The viewer’s address could not be read',
  wrongOrigin: 'The viewer that opened this window did not say properly where it is. Please tell the people who run the viewer.',
  noServiceHeading: 'Nothing is here',
  noService: 'There is no such access service. The viewer’s information may be out of date: please load the picture again.',
};

type Notices = Readonly<Record<keyof typeof EN, string>>;

const DE: Notices = {
  wrongPassword: 'Benutzername und Passwort gehören nicht zusammen.',
  sourceUnavailable:
    'Die Konten Ihrer Einrichtung können im Moment nicht geprüft werden. Bitte versuchen Sie es in einer Minute noch einmal.',
  throttledSeconds: 'Es waren zu viele Versuche. Bitte warten Sie {count} Sekunden bis zum nächsten.',
  throttledMinutes: 'Es waren zu viele Versuche. Bitte warten Sie {count} Minuten bis zum nächsten.',
  refusedFormHeading: 'Das Formular wurde nicht angenommen',
  refusedForm:
    'Es ist veraltet, kam von einer anderen Website, oder Ihr Browser behält keine Cookies für diese Website. Bitte öffnen Sie es noch einmal.',
  wrongOriginHeading: 'Die Adresse des Viewers war nicht lesbar',
  wrongOrigin: 'Der Viewer, der dieses Fenster geöffnet hat, hat nicht richtig gesagt, wo er ist. Bitte sagen Sie es seinen Betreibern.',
  noServiceHeading: 'Hier ist nichts',
  noService: 'Diesen Zugang gibt es nicht. Vielleicht sind die Angaben des Viewers veraltet: Bitte laden Sie das Bild neu.',
};

const FR: Notices = {
  wrongPassword: 'Le nom d’utilisateur et le mot de passe ne correspondent pas.',
  sourceUnavailable: 'Les comptes de votre établissement ne peuvent pas être vérifiés pour le moment. Veuillez réessayer dans une minute.',
  throttledSeconds: 'Il y a eu trop d’essais. Veuillez attendre {count} secondes avant le prochain.',
  throttledMinutes: 'Il y a eu trop d’essais. Veuillez attendre {count} minutes avant le prochain.',
  refusedFormHeading: 'Le formulaire n’a pas été accepté',
  refusedForm: 'Il est périmé, ou il vient d’un autre site, ou votre navigateur ne garde pas de cookies pour ce site. Veuillez le rouvrir.',
  wrongOriginHeading: 'L’adresse de la visionneuse est illisible',
  wrongOrigin: 'La visionneuse qui a ouvert cette fenêtre n’a pas bien dit où elle se trouve. Veuillez en informer ses responsables.',
  noServiceHeading: 'Il n’y a rien ici',
  noService: 'Ce service d’accès n’existe pas. Les données de la visionneuse sont peut-être périmées : veuillez recharger l’image.',
};

const NOTICES: Readonly<Record<Language, Notices>> = { en: EN, de: DE, fr: FR };

export function noticesIn(language: Language): Notices {
  return NOTICES[language];
}

export function throttledSentence(language: Language, seconds: number): string {
  const notices = NOTICES[language];
  return seconds < 120
    ? fill(notices.throttledSeconds, { count: seconds })
    : fill(notices.throttledMinutes, { count: Math.ceil(seconds / 60) });
}
