import type { Item, SourceDescription } from '../domain/item.ts';
import type { ImageReader } from '../domain/ports.ts';
import { Failure } from '../lib/problems.ts';

/** Whether the page of an item is in its file: the item source knows names only. */
export function isPageOf(item: Item, description: SourceDescription): boolean {
  return item.page <= description.pages;
}

/** The same, without opening a file for the first page, which every file has. */
export async function hasPage(images: Pick<ImageReader, 'describe'>, item: Item): Promise<boolean> {
  if (item.page === 1 && item.unseen !== true) return true;
  try {
    return isPageOf(item, await images.describe(item));
  } catch (error) {
    if (error instanceof Failure && error.refusal.code === 'not-found') return false;
    throw error;
  }
}
