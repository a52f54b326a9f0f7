import type { LanguageMap } from '../../lib/language-map.ts';
import type { HeadingAndNote } from './texts.ts';

/**
 * For a service that opens no window that could help: what it says of itself stays first, for the reader may not have
 * been there, or not have signed in. `here`: where the item, or the collection, opens on our own site.
 */
export function withWithheldNote({ heading, note }: HeadingAndNote, here: string, help: string): HeadingAndNote {
  const added: Readonly<Record<'en' | 'de' | 'fr', string>> = {
    en: `If that is done already: your browser lets viewers on other sites use no cookie of ours. On our own site it opens: ${here} What you can do: ${help}`,
    de: `Wenn Sie das schon getan haben: Ihr Browser lässt Viewer auf anderen Websites kein Cookie von uns benutzen. Auf unserer eigenen Website geht es: ${here} Was Sie tun können: ${help}`,
    fr: `Si c’est déjà fait : votre navigateur n’autorise pas nos cookies aux visionneuses d’autres sites. Sur notre propre site, cela marche : ${here} Ce que vous pouvez faire : ${help}`,
  };
  const own: LanguageMap = note;
  const inOurs = Object.entries(added).map(([language, text]) => [language, [...(own[language] ?? anyOf(own)), text]]);
  return { heading, note: { ...own, ...Object.fromEntries(inOurs) } };
}

function anyOf(map: LanguageMap): readonly string[] {
  return map['en'] ?? Object.values(map)[0] ?? [];
}
