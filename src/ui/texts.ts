import type { LanguageMap } from '../lib/language-map.ts';

/** The languages of our own pages. */
export const LANGUAGES = ['en', 'de', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language of our own texts for a BCP 47 tag (`de-AT` is `de`); English where we have none. */
export function interfaceLanguage(tag: string): Language {
  const primary = tag.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === primary) ?? 'en';
}

/** The best of our languages for an `Accept-Language` header. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4 */
export function preferredLanguage(acceptLanguage: string | null): Language {
  const wishes = (acceptLanguage ?? '')
    .split(',')
    .map(parseWish)
    .filter((wish) => wish.weight > 0);
  const best = wishes.sort((a, b) => b.weight - a.weight).find((wish) => isOurs(wish.tag));
  return best === undefined ? 'en' : interfaceLanguage(best.tag);
}

function parseWish(text: string): { tag: string; weight: number } {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => /^q=/i.test(parameter));
  const weight = quality === undefined ? 1 : Number.parseFloat(quality.slice(2));
  return { tag, weight: Number.isFinite(weight) ? weight : 0 };
}

function isOurs(tag: string): boolean {
  const primary = tag.toLowerCase().split('-')[0];
  return LANGUAGES.some((language) => language === primary);
}

/** Texts of our own pages. `{name}` stands for a value. */
const EN = {
  home: 'Pictures',
  skip: 'Skip to the content',
  // access service pages
  signInHeading: 'Sign in',
  userLabel: 'User name',
  passwordLabel: 'Password',
  signIn: 'Sign in',
  signInFor: 'You are signing in at {host} for the viewer at {viewer}.',
  signInOwn: 'You are signing in at {host}.',
  signedInAs: 'You are signed in as {user}.',
  signedInNotEnough: 'You are signed in as {user}. Sign in again to go on, with another account if this one is not enough.',
  passwordHint: 'The viewer never sees your password.',
  errorPrefix: 'Not signed in:',
  termsHeading: 'Terms of use',
  agree: 'I agree',
  decline: 'I do not agree',
  termsFor: 'The viewer at {viewer} asks for this. If you agree, it may show you the pictures under these terms.',
  alreadyAgreed: 'You agreed to these terms before. Agree again to go on.',
  continueHeading: 'Go on as {user}',
  continueFor: 'The viewer at {viewer} asks to show you pictures that are open to your account.',
  continueOwn: 'You are signed in already.',
  continueButton: 'Go on as {user}',
  switchButton: 'Use another account',
  // windows that close
  doneSignedInHeading: 'You are signed in',
  doneAgreedHeading: 'Thank you, you have agreed',
  doneDeclinedHeading: 'You did not agree',
  doneSignedOutHeading: 'You are signed out',
  doneSignedIn: 'The viewer can now ask for your pictures.',
  doneAgreed: 'The viewer can now show what these terms cover.',
  doneDeclined: 'The pictures stay closed. You can open the terms again from the viewer.',
  doneSignedOut: 'Locked pictures are closed again in this browser.',
  closing: 'This window closes by itself.',
  closeHint: 'If it stays open, close it yourself and go back to the window with the viewer.',
  closeButton: 'Close this window',
  backHome: 'Back to the pictures',
  // token page
  tokenTitle: 'A message for the viewer',
  tokenText: 'This page hands a message to the viewer that opened it in a frame. There is nothing to do here.',
  // sign-out
  signOut: 'Sign out',
  signOutHeading: 'Sign out?',
  signOutText: 'You are signed in as {user}. After signing out, locked pictures are closed again in this browser, in every viewer.',
  signOutUnnamed: 'After signing out, locked pictures are closed again in this browser, in every viewer.',
  stay: 'Stay signed in',
  // front page
  collection: 'Collection',
  folders: 'Folders',
  pictures: 'Pictures',
  folderTrail: 'Where you are',
  pageOf: 'Page {page} of {pages}',
  previous: 'Previous page',
  next: 'Next page',
  pagesLabel: 'Pages of this folder',
  count: '{count} entries',
  countOne: '1 entry',
  openIn: 'Open in',
  pagesInFile: '{count} pages',
  dimensions: '{width} × {height} pixels',
  accessOpen: 'Open to everyone',
  accessGranted: 'Open to you',
  accessSignIn: 'Locked: sign in first',
  accessTerms: 'Locked: terms of use',
  accessRoles: 'Only for: {roles}',
  accessClosed: 'Closed',
  lockedPicture: 'Locked',
  brokenPicture: 'Cannot be read',
  brokenText: 'The file is there, but no picture could be read from it. The server’s log says why.',
  visitorNobody: 'Not signed in',
  emptyFolderHeading: 'No pictures in this folder yet',
  emptyFolderText: 'Put images into it: JPEG, PNG, TIFF, WebP, GIF, AVIF or JPEG 2000. They appear here without a restart.',
  labHeading: 'This is the demo',
  labText: 'Some of these pictures are locked, to show how a viewer takes a reader to them.',
  labUser: 'User',
  labPassword: 'Password',
  labLocked: 'What is locked, and how',
  notEnforced: 'There is no access file, so everything here is open to everyone.',
  notListed: '{count} more are not listed here: no policy opens them.',
  folderMissingHeading: 'There is no such folder',
  folderMissingText: 'It may have been renamed or removed.',
  pictureMissingHeading: 'There is no such picture',
  pictureMissingText: 'It may have been renamed or removed.',
  pictureClosedHeading: 'This picture is closed',
  pictureClosedText: 'No policy opens it to anybody.',
  or: ' or ',
  infoLink: 'info.json',
  manifestLink: 'Manifest',
  // viewer page
  viewerLoading: 'The picture is being opened …',
  viewerNoScript: 'A viewer needs JavaScript. Without it, you can look at the picture in one size:',
  viewerNoScriptLink: 'The picture, as an image',
  otherViewer: 'Open in {viewer}',
  viewerRegion: 'Picture',
};

export type Texts = Readonly<Record<keyof typeof EN, string>>;

const DE: Texts = {
  home: 'Bilder',
  skip: 'Zum Inhalt springen',
  signInHeading: 'Anmelden',
  userLabel: 'Benutzername',
  passwordLabel: 'Passwort',
  signIn: 'Anmelden',
  signInFor: 'Sie melden sich bei {host} an, für den Viewer auf {viewer}.',
  signInOwn: 'Sie melden sich bei {host} an.',
  signedInAs: 'Sie sind als {user} angemeldet.',
  signedInNotEnough: 'Sie sind als {user} angemeldet. Melden Sie sich erneut an, mit einem anderen Konto, falls dieses nicht genügt.',
  passwordHint: 'Der Viewer bekommt Ihr Passwort nie zu sehen.',
  errorPrefix: 'Nicht angemeldet:',
  termsHeading: 'Nutzungsbedingungen',
  agree: 'Ich stimme zu',
  decline: 'Ich stimme nicht zu',
  termsFor: 'Der Viewer auf {viewer} fragt danach. Wenn Sie zustimmen, darf er Ihnen die Bilder unter diesen Bedingungen zeigen.',
  alreadyAgreed: 'Sie haben diesen Bedingungen schon zugestimmt. Stimmen Sie erneut zu, um fortzufahren.',
  continueHeading: 'Weiter als {user}',
  continueFor: 'Der Viewer auf {viewer} möchte Ihnen Bilder zeigen, die für Ihr Konto offen sind.',
  continueOwn: 'Sie sind bereits angemeldet.',
  continueButton: 'Weiter als {user}',
  switchButton: 'Anderes Konto verwenden',
  doneSignedInHeading: 'Sie sind angemeldet',
  doneAgreedHeading: 'Danke, Sie haben zugestimmt',
  doneDeclinedHeading: 'Sie haben nicht zugestimmt',
  doneSignedOutHeading: 'Sie sind abgemeldet',
  doneSignedIn: 'Der Viewer kann Ihre Bilder jetzt abrufen.',
  doneAgreed: 'Der Viewer kann jetzt zeigen, was unter diese Bedingungen fällt.',
  doneDeclined: 'Die Bilder bleiben geschlossen. Sie können die Bedingungen im Viewer erneut öffnen.',
  doneSignedOut: 'Gesperrte Bilder sind in diesem Browser wieder geschlossen.',
  closing: 'Dieses Fenster schließt sich von selbst.',
  closeHint: 'Bleibt es offen, schließen Sie es und kehren Sie zum Fenster mit dem Viewer zurück.',
  closeButton: 'Fenster schließen',
  backHome: 'Zurück zu den Bildern',
  tokenTitle: 'Eine Nachricht an den Viewer',
  tokenText: 'Diese Seite übergibt dem Viewer, der sie in einem Rahmen geöffnet hat, eine Nachricht. Hier ist nichts zu tun.',
  signOut: 'Abmelden',
  signOutHeading: 'Abmelden?',
  signOutText:
    'Sie sind als {user} angemeldet. Nach dem Abmelden sind gesperrte Bilder in diesem Browser wieder geschlossen, in jedem Viewer.',
  signOutUnnamed: 'Nach dem Abmelden sind gesperrte Bilder in diesem Browser wieder geschlossen, in jedem Viewer.',
  stay: 'Angemeldet bleiben',
  collection: 'Sammlung',
  folders: 'Ordner',
  pictures: 'Bilder',
  folderTrail: 'Wo Sie sind',
  pageOf: 'Seite {page} von {pages}',
  previous: 'Vorherige Seite',
  next: 'Nächste Seite',
  pagesLabel: 'Seiten dieses Ordners',
  count: '{count} Einträge',
  countOne: '1 Eintrag',
  openIn: 'Öffnen in',
  pagesInFile: '{count} Seiten',
  dimensions: '{width} × {height} Pixel',
  accessOpen: 'Offen für alle',
  accessGranted: 'Für Sie offen',
  accessSignIn: 'Gesperrt: erst anmelden',
  accessTerms: 'Gesperrt: Nutzungsbedingungen',
  accessRoles: 'Nur für: {roles}',
  accessClosed: 'Geschlossen',
  lockedPicture: 'Gesperrt',
  brokenPicture: 'Nicht lesbar',
  brokenText: 'Die Datei ist da, aber es war kein Bild daraus zu lesen. Das Protokoll des Servers sagt, warum.',
  visitorNobody: 'Nicht angemeldet',
  emptyFolderHeading: 'Noch keine Bilder in diesem Ordner',
  emptyFolderText: 'Legen Sie Bilder hinein: JPEG, PNG, TIFF, WebP, GIF, AVIF oder JPEG 2000. Sie erscheinen hier ohne Neustart.',
  labHeading: 'Dies ist die Vorführung',
  labText: 'Einige dieser Bilder sind gesperrt, um zu zeigen, wie ein Viewer Leserinnen und Leser zu ihnen führt.',
  labUser: 'Benutzer',
  labPassword: 'Passwort',
  labLocked: 'Was gesperrt ist, und wie',
  notEnforced: 'Es gibt keine Zugangsdatei, daher ist hier alles für alle offen.',
  notListed: '{count} weitere sind hier nicht aufgeführt: Keine Regel öffnet sie.',
  folderMissingHeading: 'Diesen Ordner gibt es nicht',
  folderMissingText: 'Vielleicht wurde er umbenannt oder entfernt.',
  pictureMissingHeading: 'Dieses Bild gibt es nicht',
  pictureMissingText: 'Vielleicht wurde es umbenannt oder entfernt.',
  pictureClosedHeading: 'Dieses Bild ist geschlossen',
  pictureClosedText: 'Keine Regel öffnet es für irgendwen.',
  or: ' oder ',
  infoLink: 'info.json',
  manifestLink: 'Manifest',
  viewerLoading: 'Das Bild wird geöffnet …',
  viewerNoScript: 'Ein Viewer braucht JavaScript. Ohne können Sie das Bild in einer Größe ansehen:',
  viewerNoScriptLink: 'Das Bild als Datei',
  otherViewer: 'In {viewer} öffnen',
  viewerRegion: 'Bild',
};

const FR: Texts = {
  home: 'Images',
  skip: 'Aller au contenu',
  signInHeading: 'Connexion',
  userLabel: 'Nom d’utilisateur',
  passwordLabel: 'Mot de passe',
  signIn: 'Se connecter',
  signInFor: 'Vous vous connectez à {host} pour la visionneuse {viewer}.',
  signInOwn: 'Vous vous connectez à {host}.',
  signedInAs: 'Vous êtes connecté en tant que {user}.',
  signedInNotEnough:
    'Vous êtes connecté en tant que {user}. Reconnectez-vous pour continuer, avec un autre compte si celui-ci ne suffit pas.',
  passwordHint: 'La visionneuse ne voit jamais votre mot de passe.',
  errorPrefix: 'Connexion refusée :',
  termsHeading: 'Conditions d’utilisation',
  agree: 'J’accepte',
  decline: 'Je n’accepte pas',
  termsFor: 'La visionneuse {viewer} le demande. Si vous acceptez, elle pourra vous montrer les images sous ces conditions.',
  alreadyAgreed: 'Vous avez déjà accepté ces conditions. Acceptez-les de nouveau pour continuer.',
  continueHeading: 'Continuer en tant que {user}',
  continueFor: 'La visionneuse {viewer} souhaite vous montrer des images ouvertes à votre compte.',
  continueOwn: 'Vous êtes déjà connecté.',
  continueButton: 'Continuer en tant que {user}',
  switchButton: 'Utiliser un autre compte',
  doneSignedInHeading: 'Vous êtes connecté',
  doneAgreedHeading: 'Merci, vous avez accepté',
  doneDeclinedHeading: 'Vous n’avez pas accepté',
  doneSignedOutHeading: 'Vous êtes déconnecté',
  doneSignedIn: 'La visionneuse peut maintenant demander vos images.',
  doneAgreed: 'La visionneuse peut maintenant montrer ce que couvrent ces conditions.',
  doneDeclined: 'Les images restent fermées. Vous pouvez rouvrir les conditions depuis la visionneuse.',
  doneSignedOut: 'Les images protégées sont de nouveau fermées dans ce navigateur.',
  closing: 'Cette fenêtre se ferme d’elle-même.',
  closeHint: 'Si elle reste ouverte, fermez-la et revenez à la fenêtre de la visionneuse.',
  closeButton: 'Fermer cette fenêtre',
  backHome: 'Retour aux images',
  tokenTitle: 'Un message pour la visionneuse',
  tokenText: 'Cette page remet un message à la visionneuse qui l’a ouverte dans un cadre. Il n’y a rien à faire ici.',
  signOut: 'Se déconnecter',
  signOutHeading: 'Se déconnecter ?',
  signOutText:
    'Vous êtes connecté en tant que {user}. Après la déconnexion, les images protégées sont de nouveau fermées dans ce navigateur, dans toutes les visionneuses.',
  signOutUnnamed: 'Après la déconnexion, les images protégées sont de nouveau fermées dans ce navigateur, dans toutes les visionneuses.',
  stay: 'Rester connecté',
  collection: 'Collection',
  folders: 'Dossiers',
  pictures: 'Images',
  folderTrail: 'Vous êtes ici',
  pageOf: 'Page {page} sur {pages}',
  previous: 'Page précédente',
  next: 'Page suivante',
  pagesLabel: 'Pages de ce dossier',
  count: '{count} entrées',
  countOne: '1 entrée',
  openIn: 'Ouvrir dans',
  pagesInFile: '{count} pages',
  dimensions: '{width} × {height} pixels',
  accessOpen: 'Ouvert à tous',
  accessGranted: 'Ouvert pour vous',
  accessSignIn: 'Protégé : connexion nécessaire',
  accessTerms: 'Protégé : conditions d’utilisation',
  accessRoles: 'Réservé à : {roles}',
  accessClosed: 'Fermé',
  lockedPicture: 'Protégé',
  brokenPicture: 'Illisible',
  brokenText: 'Le fichier est là, mais aucune image n’a pu y être lue. Le journal du serveur dit pourquoi.',
  visitorNobody: 'Non connecté',
  emptyFolderHeading: 'Pas encore d’images dans ce dossier',
  emptyFolderText: 'Déposez-y des images : JPEG, PNG, TIFF, WebP, GIF, AVIF ou JPEG 2000. Elles apparaissent ici sans redémarrage.',
  labHeading: 'Ceci est la démonstration',
  labText: 'Certaines de ces images sont protégées, pour montrer comment une visionneuse y conduit le lecteur.',
  labUser: 'Utilisateur',
  labPassword: 'Mot de passe',
  labLocked: 'Ce qui est protégé, et comment',
  notEnforced: 'Il n’y a pas de fichier d’accès : tout est ouvert à tous.',
  notListed: '{count} autres ne figurent pas ici : aucune règle ne les ouvre.',
  folderMissingHeading: 'Ce dossier n’existe pas',
  folderMissingText: 'Il a peut-être été renommé ou supprimé.',
  pictureMissingHeading: 'Cette image n’existe pas',
  pictureMissingText: 'Elle a peut-être été renommée ou supprimée.',
  pictureClosedHeading: 'Cette image est fermée',
  pictureClosedText: 'Aucune règle ne l’ouvre à qui que ce soit.',
  or: ' ou ',
  infoLink: 'info.json',
  manifestLink: 'Manifeste',
  viewerLoading: 'Ouverture de l’image …',
  viewerNoScript: 'Une visionneuse a besoin de JavaScript. Sans lui, vous pouvez voir l’image en une seule taille :',
  viewerNoScriptLink: 'L’image, en fichier',
  otherViewer: 'Ouvrir dans {viewer}',
  viewerRegion: 'Image',
};

const TEXTS: Readonly<Record<Language, Texts>> = { en: EN, de: DE, fr: FR };

export function textsIn(language: Language): Texts {
  return TEXTS[language];
}

/** Puts values into a text of the table. The result is plain text: escape it as any other. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The text for a reader of this language: theirs, else one without a language, else English, else the first. Null for an empty map. */
export function textFor(map: LanguageMap, lang: string): string | null {
  const primary = lang.toLowerCase().split('-')[0] ?? '';
  const tags = Object.keys(map);
  const exact = tags.find((tag) => tag.toLowerCase() === lang.toLowerCase());
  const related = tags.find((tag) => tag.toLowerCase().split('-')[0] === primary);
  const chosen = [exact, related, 'none', 'en', tags[0]].find((tag) => tag !== undefined && map[tag] !== undefined);
  const lines = chosen === undefined ? undefined : map[chosen];
  return lines === undefined || lines.length === 0 ? null : lines.join('\n\n');
}
