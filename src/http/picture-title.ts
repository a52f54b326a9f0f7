import type { Item } from '../domain/item.ts';

/** What people call a picture: its title where one is known, else the name of its file; with the number of a later page. */
export function pictureTitle({ path, page }: Pick<Item, 'path' | 'page'>, titleOf: (path: string) => string | null): string {
  const title = titleOf(path) ?? path.split('/').at(-1) ?? path;
  return page === 1 ? title : `${title} (${page})`;
}
