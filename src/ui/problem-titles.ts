import { PROBLEMS, type ProblemCode } from '../lib/problems.ts';
import type { Language } from './texts.ts';

type Titles = Readonly<Record<ProblemCode, string>>;

const DE: Titles = {
  'request.malformed': 'Die Anfrage war nicht zu lesen',
  'request.method': 'Diese Methode gibt es hier nicht',
  'request.too-large': 'Die Anfrage ist zu groß',
  'request.cross-site': 'Das Formular kam von einer anderen Website',
  'request.precondition': 'Die Datei ist nicht die, die gemeint war',
  'request.range': 'So viele Bytes hat die Datei nicht',
  'request.fields': 'Etwas von dem, was gesendet wurde, ist nicht gültig',
  'request.media-type': 'Die Anfrage ist von anderer Art, als diese Adresse sie nimmt',
  'request.conflict': 'Das geht nicht mit dem zusammen, was schon da ist',
  'request.changed': 'Es hat sich inzwischen geändert',
  'request.throttled': 'Zu viele Versuche',
  'not-found': 'Hier ist nichts',
  'image.identifier': 'Der Bezeichner ist nicht gültig',
  'image.region': 'Der Ausschnitt ist nicht gültig',
  'image.size': 'Die Größe ist nicht gültig',
  'image.upscaling': 'Dieses Bild wird nicht vergrößert',
  'image.turning': 'Dieses Bild wird nicht um diesen Winkel gedreht',
  'image.rotation': 'Die Drehung ist nicht gültig',
  'image.quality': 'Die Qualität ist nicht gültig',
  'image.format': 'Das Format ist nicht gültig',
  'image.limit': 'Das gewünschte Bild ist größer, als dieser Server es macht',
  'source.too-large': 'Die Vorlage ist größer, als dieser Server sie liest',
  'source.broken': 'Die Vorlage war nicht zu lesen',
  'source.unreachable': 'Der Ort, an dem die Vorlage liegt, antwortet nicht, wie er soll',
  'source.slow': 'Der Ort, an dem die Vorlage liegt, antwortet nicht rechtzeitig',
  'source.unsupported': 'Die Vorlage ist von einer Art, die dieser Server nicht liest',
  'access.needed': 'Für dieses Stück brauchen Sie Zugang',
  'access.refused': 'Dieses Stück ist für Sie geschlossen',
  'token.needed': 'Ein persönliches Zugangstoken ist nötig',
  'token.scope': 'Das Token ist nicht hierfür',
  'server.busy': 'Der Server ist beschäftigt',
  'server.timeout': 'Das Bild hat zu lange gebraucht',
  'server.error': 'Bei uns ist etwas schiefgegangen',
};

const FR: Titles = {
  'request.malformed': 'La demande est illisible',
  'request.method': 'Cette méthode n’existe pas ici',
  'request.too-large': 'La demande est trop volumineuse',
  'request.cross-site': 'Le formulaire vient d’un autre site',
  'request.precondition': 'Le fichier n’est pas celui qui était demandé',
  'request.range': 'Le fichier n’a pas ces octets',
  'request.fields': 'Une partie de ce qui a été envoyé n’est pas valable',
  'request.media-type': 'La demande n’est pas du type que cette adresse accepte',
  'request.conflict': 'Cela ne va pas avec ce qui existe déjà',
  'request.changed': 'Cela a changé entre-temps',
  'request.throttled': 'Trop d’essais',
  'not-found': 'Il n’y a rien ici',
  'image.identifier': 'L’identifiant n’est pas valable',
  'image.region': 'La région n’est pas valable',
  'image.size': 'La taille n’est pas valable',
  'image.upscaling': 'Cette image n’est pas agrandie',
  'image.turning': 'Cette image n’est pas tournée de cet angle',
  'image.rotation': 'La rotation n’est pas valable',
  'image.quality': 'La qualité n’est pas valable',
  'image.format': 'Le format n’est pas valable',
  'image.limit': 'L’image demandée dépasse ce que ce serveur produit',
  'source.too-large': 'La source dépasse ce que ce serveur lit',
  'source.broken': 'La source est illisible',
  'source.unreachable': 'Le lieu où se trouve la source ne répond pas comme il faut',
  'source.slow': 'Le lieu où se trouve la source ne répond pas à temps',
  'source.unsupported': 'Ce serveur ne sait pas lire ce type de source',
  'access.needed': 'Cet élément demande un accès',
  'access.refused': 'Cet élément vous est fermé',
  'token.needed': 'Il faut un jeton d’accès personnel',
  'token.scope': 'Le jeton n’est pas fait pour cela',
  'server.busy': 'Le serveur est occupé',
  'server.timeout': 'L’image a pris trop de temps',
  'server.error': 'Quelque chose s’est mal passé chez nous',
};

const TRANSLATED: Readonly<Partial<Record<Language, Titles>>> = { de: DE, fr: FR };

/** The title of a problem, for a page. What programs read stays in English. */
export function problemTitle(code: ProblemCode, language: Language): string {
  return TRANSLATED[language]?.[code] ?? PROBLEMS[code].title;
}
