import type { CatalogueEntry } from '../domain/catalogue.ts';
import type { Item } from '../domain/item.ts';
import type { LanguageMap } from '../lib/language-map.ts';

type TitleOf = (path: string) => string | null;

/** What people call a picture: its title where one is known, else the name of its file; with the number of a later page. */
export function pictureTitle({ path, page }: Pick<Item, 'path' | 'page'>, titleOf: TitleOf): string {
  return numbered(titleOf(path) ?? nameOf(path), page);
}

/** The same for viewers, from the side file where it has a label. */
export function pictureLabel({ path, page }: Pick<Item, 'path' | 'page'>, entry: CatalogueEntry | null, titleOf: TitleOf): LanguageMap {
  return mapTexts(entry?.label ?? { none: [titleOf(path) ?? nameOf(path)] }, (text) => numbered(text, page));
}

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
