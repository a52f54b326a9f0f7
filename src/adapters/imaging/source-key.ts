import type { Item } from '../../domain/item.ts';

/** What stands for a page of a source as it is now. Of an item that shows the bytes of another one, it is the other one's. */
export function sourceKey({ path, standIn, page, source }: Item): string {
  return `${standIn ?? path}\n${page}\n${source.version}`;
}

/** The path in such a key, or in a longer one that begins with it: no path has a line end in it. */
export function pathInKey(key: string): string {
  return key.slice(0, key.indexOf('\n'));
}
