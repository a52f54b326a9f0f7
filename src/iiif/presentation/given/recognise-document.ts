/**
 * What a document that somebody else wrote is, as far as it has to be known.
 * https://iiif.io/api/presentation/3.0/#46-linked-data-context-and-extensions
 * https://iiif.io/api/presentation/2.1/#linked-data-context-and-extensions
 */
import { isJsonObject, type Json, type JsonObject, listOf } from '../../../lib/json.ts';
import type { LanguageMap } from '../../../lib/language-map.ts';

export interface GivenDocument {
  readonly version: 2 | 3;
  readonly kind: 'manifest' | 'collection';
  readonly label: LanguageMap;
  readonly json: JsonObject;
}

const KINDS_3: Readonly<Record<string, GivenDocument['kind']>> = { Manifest: 'manifest', Collection: 'collection' };
const KINDS_2: Readonly<Record<string, GivenDocument['kind']>> = { 'sc:Manifest': 'manifest', 'sc:Collection': 'collection' };

/** Null for what is no manifest and no collection of 2.0, 2.1 or 3.0. */
export function recogniseDocument(json: Json): GivenDocument | null {
  if (!isJsonObject(json)) return null;
  const kind3 = KINDS_3[String(json['type'])];
  if (kind3 !== undefined) return { version: 3, kind: kind3, label: languageMap(json['label']), json };
  const kind2 = KINDS_2[String(json['@type'])];
  return kind2 === undefined ? null : { version: 2, kind: kind2, label: propertyTexts(json['label']), json };
}

function languageMap(value: Json | undefined): LanguageMap {
  if (!isJsonObject(value)) return propertyTexts(value);
  const texts = Object.entries(value).map(([language, list]) => [language, listOf(list).filter(isText)] as const);
  return orUnnamed(Object.fromEntries(texts.filter(([, list]) => list.length > 0)));
}

/** https://iiif.io/api/presentation/2.1/#language-of-property-values */
function propertyTexts(value: Json | undefined): LanguageMap {
  const texts: Record<string, string[]> = {};
  for (const each of listOf(value)) {
    const text = isJsonObject(each) ? each['@value'] : each;
    const language = isJsonObject(each) ? each['@language'] : undefined;
    if (!isText(text)) continue;
    const key = isText(language) ? language : 'none';
    texts[key] = [...(texts[key] ?? []), text];
  }
  return orUnnamed(texts);
}

function orUnnamed(texts: LanguageMap): LanguageMap {
  return Object.keys(texts).length === 0 ? { none: ['–'] } : texts;
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}
