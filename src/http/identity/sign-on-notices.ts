import { IDENTITY_REFUSALS, type IdentityRefusalCode, type IdentityRefused, type IdentityUnavailable } from '../../domain/identity.ts';
import type { Language } from '../../ui/texts.ts';

/** What people are told whom a source did not let in, or we did not. */
const EN = {
  ...IDENTITY_REFUSALS,
  unavailable: 'The sign-in of your institution cannot be reached at this moment. Please try again in a minute.',
  disabled: 'Your institution knows you, but your account here is closed. Please ask the people who run this site.',
};

type Notices = Readonly<Record<IdentityRefusalCode | 'unavailable' | 'disabled', string>>;

const DE: Notices = {
  'identity.cancelled': 'Die Anmeldung wurde abgebrochen, oder Ihre Einrichtung hat sie abgelehnt.',
  'identity.state': 'Diese Anmeldung wurde anderswo begonnen, oder vor zu langer Zeit. Beginnen Sie von vorn.',
  'identity.message': 'Die Antwort Ihrer Einrichtung war nicht lesbar.',
  'identity.signature': 'Die Antwort Ihrer Einrichtung ist nicht so unterschrieben, wie sie sein muss.',
  'identity.issuer': 'Die Antwort kommt von jemand anderem als Ihrer Einrichtung.',
  'identity.audience': 'Die Antwort war für einen anderen Dienst bestimmt.',
  'identity.expired': 'Die Antwort Ihrer Einrichtung gilt nicht mehr oder noch nicht. Beginnen Sie von vorn.',
  'identity.replayed': 'Diese Antwort wurde schon einmal verwendet. Beginnen Sie von vorn.',
  'identity.subject': 'Ihre Einrichtung hat nicht auf Dauer gesagt, wer Sie sind.',
  'identity.name': 'Ihre Einrichtung hat Ihren Benutzernamen nicht mitgeteilt.',
  'identity.password': 'Der Name oder das Passwort ist falsch.',
  'identity.proxy': 'Die Anmeldung kam nicht auf dem vorgesehenen Weg.',
  unavailable: 'Die Anmeldung Ihrer Einrichtung ist im Moment nicht erreichbar. Bitte versuchen Sie es in einer Minute noch einmal.',
  disabled: 'Ihre Einrichtung kennt Sie, aber Ihr Konto hier ist geschlossen. Bitte fragen Sie die Betreiber dieser Website.',
};

const FR: Notices = {
  'identity.cancelled': 'La connexion a été interrompue, ou votre établissement l’a refusée.',
  'identity.state': 'Cette connexion a été commencée ailleurs, ou il y a trop longtemps. Recommencez.',
  'identity.message': 'La réponse de votre établissement est illisible.',
  'identity.signature': 'La réponse de votre établissement n’est pas signée comme elle doit l’être.',
  'identity.issuer': 'La réponse ne vient pas de votre établissement.',
  'identity.audience': 'La réponse était destinée à un autre service.',
  'identity.expired': 'La réponse de votre établissement n’est plus valable, ou pas encore. Recommencez.',
  'identity.replayed': 'Cette réponse a déjà servi. Recommencez.',
  'identity.subject': 'Votre établissement n’a pas dit durablement qui vous êtes.',
  'identity.name': 'Votre établissement n’a pas communiqué votre nom d’utilisateur.',
  'identity.password': 'Le nom ou le mot de passe est incorrect.',
  'identity.proxy': 'La connexion n’est pas arrivée par le chemin prévu.',
  unavailable: 'La connexion de votre établissement est injoignable pour le moment. Veuillez réessayer dans une minute.',
  disabled: 'Votre établissement vous connaît, mais votre compte est fermé ici. Veuillez vous adresser aux responsables de ce site.',
};

const NOTICES: Readonly<Record<Language, Notices>> = { en: EN, de: DE, fr: FR };

export function refusalSentence(language: Language, outcome: IdentityRefused | IdentityUnavailable | 'disabled'): string {
  const notices = NOTICES[language];
  if (outcome === 'disabled') return notices.disabled;
  return outcome.outcome === 'refused' ? notices[outcome.code] : notices.unavailable;
}
