/**
 * What viewers show where `access.yaml` says nothing else: one table, in every language that we speak.
 * https://iiif.io/api/auth/2.0/#active-interaction-pattern
 */
import type { LanguageMap } from '../../lib/language-map.ts';

export interface HeadingAndNote {
  readonly heading: LanguageMap;
  readonly note: LanguageMap;
}

export interface ServiceTexts extends HeadingAndNote {
  readonly confirmLabel: LanguageMap;
  readonly errorHeading: LanguageMap;
  readonly errorNote: LanguageMap;
  /** `{host}` stands for the server's name. */
  readonly logoutLabel: LanguageMap;
}

/** Of services that viewers use without asking anybody: shown only where they gave nothing. */
export type FailureTexts = Pick<ServiceTexts, 'errorHeading' | 'errorNote'>;

/** Of services that a person is asked about: `active` in 2.0. */
export const ACTIVE_TEXTS: Readonly<Record<'login' | 'clickthrough', ServiceTexts>> = {
  login: {
    heading: { en: ['Please sign in'], de: ['Bitte melden Sie sich an'], fr: ['Veuillez vous connecter'] },
    note: {
      en: ['A window opens for the sign-in. It closes by itself, and the item appears.'],
      de: ['Für die Anmeldung öffnet sich ein Fenster. Es schließt sich von selbst, und das Objekt erscheint.'],
      fr: ['Une fenêtre s’ouvre pour la connexion. Elle se ferme d’elle-même, et le document apparaît.'],
    },
    confirmLabel: { en: ['Sign in'], de: ['Anmelden'], fr: ['Se connecter'] },
    errorHeading: { en: ['You are not signed in'], de: ['Sie sind nicht angemeldet'], fr: ['Vous n’êtes pas connecté'] },
    errorNote: {
      en: ['The sign-in was not completed. Please try again.'],
      de: ['Die Anmeldung wurde nicht abgeschlossen. Bitte versuchen Sie es noch einmal.'],
      fr: ['La connexion n’a pas abouti. Veuillez réessayer.'],
    },
    logoutLabel: { en: ['Sign out of {host}'], de: ['Bei {host} abmelden'], fr: ['Se déconnecter de {host}'] },
  },
  clickthrough: {
    heading: { en: ['Terms of use'], de: ['Nutzungsbedingungen'], fr: ['Conditions d’utilisation'] },
    note: {
      en: ['The item is shown once you have agreed to its terms of use. They open in a window.'],
      de: ['Das Objekt wird gezeigt, sobald Sie den Nutzungsbedingungen zugestimmt haben. Sie öffnen sich in einem Fenster.'],
      fr: ['Le document s’affiche dès que vous avez accepté les conditions d’utilisation. Elles s’ouvrent dans une fenêtre.'],
    },
    confirmLabel: { en: ['Read and agree'], de: ['Lesen und zustimmen'], fr: ['Lire et accepter'] },
    errorHeading: {
      en: ['The terms of use were not accepted'],
      de: ['Den Nutzungsbedingungen wurde nicht zugestimmt'],
      fr: ['Les conditions d’utilisation n’ont pas été acceptées'],
    },
    errorNote: {
      en: ['The item is shown only to readers who agree to its terms of use. Please open them again.'],
      de: ['Das Objekt wird nur gezeigt, wenn Sie den Nutzungsbedingungen zustimmen. Bitte öffnen Sie sie noch einmal.'],
      fr: ['Le document n’est montré qu’aux lecteurs qui acceptent ses conditions d’utilisation. Veuillez les ouvrir à nouveau.'],
    },
    logoutLabel: {
      en: ['Withdraw my agreement at {host}'],
      de: ['Zustimmung bei {host} zurückziehen'],
      fr: ['Retirer mon accord auprès de {host}'],
    },
  },
};

/** Of services without interaction. https://iiif.io/api/auth/2.0/#kiosk-interaction-pattern */
export const UNASKED_TEXTS: Readonly<Record<'kiosk' | 'external', FailureTexts>> = {
  kiosk: {
    errorHeading: { en: ['This does not open here'], de: ['Das öffnet sich hier nicht'], fr: ['Cela ne s’ouvre pas ici'] },
    errorNote: {
      en: ['It opens at certain places only, such as a reading room. If you are there, please ask the staff.'],
      de: ['Es öffnet sich nur an bestimmten Orten, etwa in einem Lesesaal. Wenn Sie dort sind, fragen Sie bitte das Personal.'],
      fr: ['Cela ne s’ouvre qu’à certains endroits, par exemple une salle de lecture. Si vous y êtes, adressez-vous au personnel.'],
    },
  },
  external: {
    errorHeading: {
      en: ['You have no access from here'],
      de: ['Von hier aus haben Sie keinen Zugang'],
      fr: ['Vous n’avez pas accès depuis ici'],
    },
    errorNote: {
      en: ['It opens at certain places, or to people who signed in on the institution’s own site before. Please ask the institution.'],
      de: [
        'Es öffnet sich an bestimmten Orten oder für alle, die sich vorher auf der Website der Einrichtung angemeldet haben. Bitte fragen Sie dort.',
      ],
      fr: [
        'L’accès s’ouvre à certains endroits, ou aux personnes déjà connectées sur le site de l’institution. Veuillez vous adresser à elle.',
      ],
    },
  },
};

/** Error profiles of the token service. https://iiif.io/api/auth/2.0/#access-token-error-format */
export const TOKEN_ERRORS = ['invalidRequest', 'invalidOrigin', 'missingAspect', 'invalidAspect', 'expiredAspect', 'unavailable'] as const;
export type TokenError = (typeof TOKEN_ERRORS)[number];

export const TOKEN_ERROR_TEXTS: Readonly<Record<TokenError, HeadingAndNote>> = {
  invalidRequest: {
    heading: {
      en: ['The viewer’s request could not be read'],
      de: ['Die Anfrage des Viewers war nicht lesbar'],
      fr: ['La demande de la visionneuse est illisible'],
    },
    note: {
      en: ['The viewer left out a parameter or sent a wrong one. Please tell the people who run the viewer.'],
      de: ['Dem Viewer fehlt ein Parameter, oder er hat einen falschen geschickt. Bitte sagen Sie es den Betreibern des Viewers.'],
      fr: ['La visionneuse a omis un paramètre ou en a envoyé un mauvais. Veuillez en informer ses responsables.'],
    },
  },
  invalidOrigin: {
    heading: {
      en: ['You signed in from another site'],
      de: ['Sie haben sich von einer anderen Website aus angemeldet'],
      fr: ['Vous vous êtes connecté depuis un autre site'],
    },
    note: {
      en: ['Access holds for the site from which it was opened. Please open it again from this viewer.'],
      de: ['Der Zugang gilt für die Website, von der aus er geöffnet wurde. Bitte öffnen Sie ihn von diesem Viewer aus noch einmal.'],
      fr: ['L’accès vaut pour le site depuis lequel il a été ouvert. Veuillez l’ouvrir à nouveau depuis cette visionneuse.'],
    },
  },
  missingAspect: {
    heading: { en: ['You do not have access yet'], de: ['Sie haben noch keinen Zugang'], fr: ['Vous n’avez pas encore accès'] },
    note: {
      en: [
        'The access window was closed early, or your browser withheld its cookie. Please try again; if it does not help, allow cookies for this site.',
      ],
      de: [
        'Das Zugangsfenster wurde zu früh geschlossen, oder Ihr Browser hat das Cookie zurückgehalten. Bitte versuchen Sie es noch einmal; hilft das nicht, erlauben Sie Cookies für diese Website.',
      ],
      fr: [
        'La fenêtre d’accès a été fermée trop tôt, ou votre navigateur a retenu le cookie. Veuillez réessayer ; si cela ne suffit pas, autorisez les cookies pour ce site.',
      ],
    },
  },
  invalidAspect: {
    heading: { en: ['Your access is not valid here'], de: ['Ihr Zugang gilt hier nicht'], fr: ['Votre accès n’est pas valable ici'] },
    note: {
      en: ['Please open the access window again.'],
      de: ['Bitte öffnen Sie das Zugangsfenster noch einmal.'],
      fr: ['Veuillez ouvrir à nouveau la fenêtre d’accès.'],
    },
  },
  expiredAspect: {
    heading: { en: ['Your access has ended'], de: ['Ihr Zugang ist abgelaufen'], fr: ['Votre accès a expiré'] },
    note: {
      en: ['It ends some time after the last use. Please open the access window again.'],
      de: ['Er endet einige Zeit nach der letzten Nutzung. Bitte öffnen Sie das Zugangsfenster noch einmal.'],
      fr: ['Il prend fin quelque temps après la dernière utilisation. Veuillez ouvrir à nouveau la fenêtre d’accès.'],
    },
  },
  unavailable: {
    heading: {
      en: ['Access cannot be checked just now'],
      de: ['Der Zugang kann gerade nicht geprüft werden'],
      fr: ['L’accès ne peut pas être vérifié pour le moment'],
    },
    note: {
      en: ['Please try again in a few minutes.'],
      de: ['Bitte versuchen Sie es in einigen Minuten noch einmal.'],
      fr: ['Veuillez réessayer dans quelques minutes.'],
    },
  },
};

/**
 * Instead of them, where the browser says that it kept our cookie back. Plain text: neither specification lets viewers
 * read HTML in what the token and probe services say. `here`: where the item, or the collection, opens on our own site.
 */
export function cookieWithheldTexts(here: string, help: string): HeadingAndNote {
  return {
    heading: {
      en: ['Your browser keeps our cookie from this viewer'],
      de: ['Ihr Browser hält unser Cookie von diesem Viewer fern'],
      fr: ['Votre navigateur cache notre cookie à cette visionneuse'],
    },
    note: {
      en: [
        `It lets viewers on other sites use no cookie of ours, so opening the access window again does not help. On our own site it opens: ${here} What you can do: ${help}`,
      ],
      de: [
        `Er lässt Viewer auf anderen Websites kein Cookie von uns benutzen; das Zugangsfenster noch einmal zu öffnen, hilft nicht. Auf unserer eigenen Website geht es: ${here} Was Sie tun können: ${help}`,
      ],
      fr: [
        `Il n’autorise pas nos cookies aux visionneuses d’autres sites ; rouvrir la fenêtre d’accès n’y change rien. Sur notre propre site, cela marche : ${here} Ce que vous pouvez faire : ${help}`,
      ],
    },
  };
}

/** Why a probe says no. https://iiif.io/api/auth/2.0/#probe-service-response */
export type ProbeRefusal = 'access-needed' | 'elsewhere' | 'role-missing' | 'refused' | 'not-found' | 'failed';

export const PROBE_TEXTS: Readonly<Record<ProbeRefusal, HeadingAndNote>> = {
  'access-needed': {
    heading: { en: ['This item needs access'], de: ['Dieses Objekt braucht einen Zugang'], fr: ['Ce document demande un accès'] },
    note: {
      en: ['Please open the access window to see it.'],
      de: ['Bitte öffnen Sie das Zugangsfenster, um es zu sehen.'],
      fr: ['Veuillez ouvrir la fenêtre d’accès pour le voir.'],
    },
  },
  elsewhere: {
    heading: {
      en: ['This item opens elsewhere'],
      de: ['Dieses Objekt öffnet sich anderswo'],
      fr: ['Ce document s’ouvre ailleurs'],
    },
    note: {
      en: ['It can be seen at certain places, such as a reading room. Please ask the institution.'],
      de: ['Es ist an bestimmten Orten zu sehen, etwa in einem Lesesaal. Bitte fragen Sie die Einrichtung.'],
      fr: ['Il est visible à certains endroits, par exemple une salle de lecture. Veuillez vous adresser à l’institution.'],
    },
  },
  'role-missing': {
    heading: {
      en: ['Your account does not open this item'],
      de: ['Ihr Konto öffnet dieses Objekt nicht'],
      fr: ['Votre compte n’ouvre pas ce document'],
    },
    note: {
      en: ['You have access, but not to this item. Sign in with another account, or ask the institution.'],
      de: ['Sie haben Zugang, aber nicht zu diesem Objekt. Melden Sie sich mit einem anderen Konto an, oder fragen Sie die Einrichtung.'],
      fr: ['Vous avez un accès, mais pas à ce document. Connectez-vous avec un autre compte, ou adressez-vous à l’institution.'],
    },
  },
  refused: {
    heading: { en: ['This item is closed'], de: ['Dieses Objekt ist gesperrt'], fr: ['Ce document n’est pas accessible'] },
    note: {
      en: ['Signing in does not open it. Please ask the institution.'],
      de: ['Eine Anmeldung öffnet es nicht. Bitte fragen Sie die Einrichtung.'],
      fr: ['Une connexion ne suffit pas. Veuillez vous adresser à l’institution.'],
    },
  },
  'not-found': {
    heading: { en: ['Nothing is here'], de: ['Hier ist nichts'], fr: ['Il n’y a rien ici'] },
    note: {
      en: ['The item does not exist, or no longer does.'],
      de: ['Das Objekt gibt es nicht oder nicht mehr.'],
      fr: ['Le document n’existe pas, ou n’existe plus.'],
    },
  },
  failed: {
    heading: {
      en: ['This item cannot be shown just now'],
      de: ['Dieses Objekt kann gerade nicht gezeigt werden'],
      fr: ['Ce document ne peut pas être affiché pour le moment'],
    },
    note: {
      en: ['Something went wrong on our side. Please try again in a few minutes.'],
      de: ['Auf unserer Seite ging etwas schief. Bitte versuchen Sie es in einigen Minuten noch einmal.'],
      fr: ['Un problème est survenu de notre côté. Veuillez réessayer dans quelques minutes.'],
    },
  },
};

/** To somebody who is signed in, and may ask for the item at this address. */
export function requestableTexts(address: string): HeadingAndNote {
  const { heading } = PROBE_TEXTS['role-missing'];
  return {
    heading,
    note: {
      en: [`You can ask the institution for access: ${address}`],
      de: [`Sie können die Einrichtung um Zugang bitten: ${address}`],
      fr: [`Vous pouvez demander l’accès à l’institution : ${address}`],
    },
  };
}

/** Of a tier that has no label of its own. */
export const SUBSTITUTE_LABEL: LanguageMap = { en: ['Preview'], de: ['Vorschau'], fr: ['Aperçu'] };
