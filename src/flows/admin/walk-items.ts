import type { FolderEntry } from '../../domain/item.ts';
import type { Clock, FolderListing, ItemSource } from '../../domain/ports.ts';
import { Failure } from '../../lib/problems.ts';

export interface WalkDeps {
  readonly items: Pick<ItemSource, 'list'>;
  readonly clock: Clock;
}

export interface WalkLimits {
  /** Entries that are wanted. */
  readonly most: number;
  readonly seconds: number;
}

export interface Walk {
  readonly entries: readonly FolderEntry[];
  /** Whether these are all. */
  readonly complete: boolean;
}

/** Entries that one listing asks for: every folder is begun before a large one is read to its end. */
const ENTRIES_AT_ONCE = 200;

/** The wanted entries of the whole tree, nearest folders first, as far as the limits go. A folder that cannot be read is left out. */
export async function walkItems(deps: WalkDeps, isWanted: (entry: FolderEntry) => boolean, limits: WalkLimits): Promise<Walk> {
  const entries: FolderEntry[] = [];
  const ends = deps.clock.now().getTime() + limits.seconds * 1000;
  const ahead = [{ folder: '', offset: 0 }];
  let complete = true;
  for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
    if (entries.length >= limits.most || deps.clock.now().getTime() >= ends)
      return { entries: entries.slice(0, limits.most), complete: false };
    const listing = await listOrNull(deps, next);
    if (listing === null) {
      complete = false;
      continue;
    }
    for (const entry of listing.entries) {
      if (entry.kind === 'folder') ahead.push({ folder: entry.path, offset: 0 });
      if (isWanted(entry)) entries.push(entry);
    }
    const offset = next.offset + ENTRIES_AT_ONCE;
    if (listing.total > offset) ahead.push({ folder: next.folder, offset });
  }
  return { entries: entries.slice(0, limits.most), complete: complete && entries.length <= limits.most };
}

/** Null for a folder that cannot be read, or is gone. */
async function listOrNull({ items }: WalkDeps, { folder, offset }: { folder: string; offset: number }): Promise<FolderListing | null> {
  try {
    return await items.list(folder, { offset, limit: ENTRIES_AT_ONCE });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return null;
  }
}
