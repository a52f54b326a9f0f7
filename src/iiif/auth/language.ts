/**
 * Which language of a text to show: plain strings of Authentication 1.0 have only one.
 * https://iiif.io/api/presentation/3.0/#44-language-of-property-values
 */
import type { LanguageMap } from '../../lib/language-map.ts';

/**
 * The key of the map that fits best: the first preference with a text, exactly, or in a wider or narrower form
 * (`de-CH` takes `de`, `de` takes `de-CH`); then the text without a language, then English, then the first.
 * Null for an empty map. `preferences`: language ranges, the preferred one first (lib/accept-language.ts).
 */
export function chooseLanguage(map: LanguageMap, preferences: readonly string[]): string | null {
  const keys = Object.keys(map);
  for (const range of preferences) {
    const key = findKey(keys, range);
    if (key !== null) return key;
  }
  return keys.find((key) => key === 'none') ?? findKey(keys, 'en') ?? keys[0] ?? null;
}

/** The texts in the language that fits best; empty for an empty map. */
export function chooseTexts(map: LanguageMap, preferences: readonly string[]): readonly string[] {
  const key = chooseLanguage(map, preferences);
  return key === null ? [] : (map[key] ?? []);
}

function findKey(keys: readonly string[], range: string): string | null {
  const wanted = range.toLowerCase();
  if (wanted === '*' || wanted === 'none') return null;
  for (let tag = wanted; tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    const key = keys.find((candidate) => candidate.toLowerCase() === tag);
    if (key !== undefined) return key;
  }
  return keys.find((candidate) => candidate.toLowerCase().startsWith(`${wanted}-`)) ?? null;
}
