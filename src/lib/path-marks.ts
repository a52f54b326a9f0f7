/** For names of files that tell which item they are of, and which folders that is in, without its path: that may be too long, and nobody's business. */
import { hash } from 'node:crypto';

const ITEM_DIGITS = 16;
const FOLDER_DIGITS = 8;
/** The name of a file has no room for more. What lies deeper is known by the folder above. */
const MOST_FOLDERS = 16;
const MARKS = new RegExp(`^[0-9a-f]{${ITEM_DIGITS}}(?:[0-9a-f]{${FOLDER_DIGITS}}){0,${MOST_FOLDERS}}-`);

/** Which items: one, all below a folder, or all. */
type Items = { readonly kind: 'item' | 'folder'; readonly path: string } | { readonly kind: 'everything' };

/** What a name begins with: one part for the item, then one for each folder, outermost first. */
export function marksOf(path: string): string {
  const segments = path.split('/').slice(0, -1);
  const folders = segments.slice(0, MOST_FOLDERS).map((_, i) => folderMark(segments.slice(0, i + 1)));
  return `${digits(path, ITEM_DIGITS)}${folders.join('')}-`;
}

/** Whether a name is of one of these items. One without marks is of any: what nobody knows is better gone than left. */
export function isMarked(name: string, items: Items): boolean {
  if (items.kind === 'everything' || !MARKS.test(name)) return true;
  if (items.kind === 'item') return name.startsWith(digits(items.path, ITEM_DIGITS));
  const segments = items.path.split('/').slice(0, MOST_FOLDERS);
  return name.slice(0, name.indexOf('-')).startsWith(folderMark(segments), ITEM_DIGITS + (segments.length - 1) * FOLDER_DIGITS);
}

function folderMark(segments: readonly string[]): string {
  return digits(segments.join('/'), FOLDER_DIGITS);
}

function digits(text: string, count: number): string {
  return hash('sha256', text, 'hex').slice(0, count);
}
