import type { LanguageMap } from '../lib/language-map.ts';
import { LANGUAGE_TAG } from './access-names.ts';
import type { YamlEntry, YamlReading } from './yaml-reading.ts';

/** A text, or texts by language, each one or a list. */
export function readTexts(reading: YamlReading, entry: YamlEntry | null): LanguageMap | null {
  if (entry === null) return null;
  const what = `"${entry.key}"`;
  if (!reading.isMapping(entry.value)) {
    const text = reading.isList(entry.value) ? reportList(reading, entry) : reading.text(entry.value, what);
    return text === null ? null : { none: [text] };
  }
  const languages = reading.entries(entry.value, what) ?? [];
  if (languages.length === 0) reading.report(entry.value, `${what} has no text.`);
  const texts = languages.map((language) => [language.key, readLanguage(reading, language, what)] as const);
  return Object.fromEntries(texts);
}

function reportList(reading: YamlReading, { key, value }: YamlEntry): null {
  reading.report(value, `"${key}" must be a text, or texts by language such as { en: Sign in }, not a list.`);
  return null;
}

function readLanguage(reading: YamlReading, { key, keyNode, value }: YamlEntry, what: string): readonly string[] {
  if (!isLanguageTag(key)) reading.report(keyNode, `"${key}" is no language tag (BCP 47), such as en, de-CH or none.`);
  if (!reading.isList(value)) return onlyTexts([reading.text(value, `${what} in ${key}`)]);
  const texts = reading.list(value, what) ?? [];
  if (texts.length === 0) reading.report(value, `${what} in ${key} has no text.`);
  return onlyTexts(texts.map((text) => reading.text(text, `${what} in ${key}`)));
}

export function onlyTexts(texts: ReadonlyArray<string | null>): readonly string[] {
  return texts.filter((text) => text !== null);
}

function isLanguageTag(tag: string): boolean {
  if (tag === 'none') return true;
  if (!LANGUAGE_TAG.test(tag)) return false;
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
