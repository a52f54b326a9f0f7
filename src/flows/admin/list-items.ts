import type { FolderEntry } from '../../domain/item.ts';
import type { ItemSource } from '../../domain/ports.ts';
import { type WalkDeps, type WalkLimits, walkItems } from './walk-items.ts';

export interface ListItemsDeps extends WalkDeps {
  readonly items: Pick<ItemSource, 'list'>;
}

export interface ListedItems {
  readonly entries: readonly FolderEntry[];
  readonly pages: number;
}

export const ITEMS_ON_A_PAGE = 50;

/** One page of a folder, counted from 1; null where there is no such folder or page. */
export async function listItems({ items }: ListItemsDeps, folder: string, page: number): Promise<ListedItems | null> {
  const listing = await items.list(folder, { offset: (page - 1) * ITEMS_ON_A_PAGE, limit: ITEMS_ON_A_PAGE });
  const pages = Math.max(1, Math.ceil((listing?.total ?? 0) / ITEMS_ON_A_PAGE));
  return listing === null || page > pages ? null : { entries: listing.entries, pages };
}

/** Somebody waits for it, and who finds more than so many looks for something narrower. */
const SEARCH_LIMITS: WalkLimits = { most: 100, seconds: 4 };

export interface FoundItems {
  readonly entries: readonly FolderEntry[];
  /** Whether these are all. */
  readonly complete: boolean;
}

/** Folders and items of the whole tree with the text in their path, whatever its case. */
export function searchItems(deps: ListItemsDeps, text: string, limits = SEARCH_LIMITS): Promise<FoundItems> {
  const wanted = text.normalize('NFC').toLowerCase();
  return walkItems(deps, ({ path }) => path.normalize('NFC').toLowerCase().includes(wanted), limits);
}
