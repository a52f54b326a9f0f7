import type { CatalogueEntry } from '../../domain/catalogue.ts';
import type { Item } from '../../domain/item.ts';
import type { Catalogue } from '../../domain/ports.ts';
import type { Telling } from '../../domain/when-locked.ts';
import { chooseTexts } from '../../iiif/auth/language.ts';
import type { LanguageMap } from '../../lib/language-map.ts';

type TitleOf = (path: string) => string | null;

/** What our pages call an item to a reader. */
export async function titleFor(
  deps: { readonly catalogue: Pick<Catalogue, 'find'>; titleOf: TitleOf },
  item: Pick<Item, 'path' | 'page'>,
  { label }: Pick<Telling, 'label'>,
  lang: string,
): Promise<string> {
  const texts = label ? pictureLabel(item, await deps.catalogue.find(item.path), deps.titleOf) : UNTOLD_LABEL;
  return chooseTexts(texts, [lang]).join(' ');
}

/** The label of an item for viewers: from its side file, else a title that is known, else the name of its file; with the number of a later page. */
export function pictureLabel({ path, page }: Pick<Item, 'path' | 'page'>, entry: CatalogueEntry | null, titleOf: TitleOf): LanguageMap {
  return mapTexts(entry?.label ?? { none: [titleOf(path) ?? nameOf(path)] }, (text) => numbered(text, page));
}

/** Of an item whose label is not told to those who may not see it. */
export const UNTOLD_LABEL: LanguageMap = { en: ['Locked item'], de: ['Gesperrtes Objekt'], fr: ['Document protégé'] };

/** What a folder is called: by its side file, else by its name; the root by the name of the whole collection. */
export function folderLabel(folder: string, entry: CatalogueEntry | null, title: string): LanguageMap {
  return entry?.label ?? { none: [folder === '' ? title : nameOf(folder)] };
}

/** A label for some of many: `Letters (501–1000)`. */
export function rangeLabel(label: LanguageMap, first: number, last: number): LanguageMap {
  return mapTexts(label, (text) => `${text} (${first}–${last})`);
}

function mapTexts(texts: LanguageMap, change: (text: string) => string): LanguageMap {
  return Object.fromEntries(Object.entries(texts).map(([language, list]) => [language, list.map(change)]));
}

function numbered(text: string, page: number): string {
  return page === 1 ? text : `${text} (${page})`;
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}
