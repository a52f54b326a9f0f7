import type { FolderEntry } from '../domain/item.ts';
import type { ItemSource } from '../domain/ports.ts';

export interface GatherLimits {
  /** Folder listings, over all folders. */
  readonly listings: number;
  /** Entries that one listing asks for. */
  readonly entries: number;
  /** Pictures of one folder. */
  readonly picturesOfAFolder: number;
  /** Pictures over all folders. */
  readonly pictures: number;
}

export interface GatheredPictures {
  /** Path of the folder. */
  readonly folder: string;
  /** The first pictures in it and below it: those of a folder come before those of its subfolders. */
  readonly pictures: readonly PictureEntry[];
  /** Pictures met that are not for this visitor's eyes. */
  readonly hidden: number;
  /** Whether these are all: nothing was left unread or cut off. */
  readonly complete: boolean;
}

export type PictureEntry = Exclude<FolderEntry, { kind: 'folder' }>;

/**
 * The first pictures below each of some folders, whatever the size of the tree: every folder gets one listing before any
 * gets two, so that a large one leaves something to those after it. A folder that cannot be read goes to `onFailure`, and
 * leaves the others standing.
 */
export async function gatherPictures(
  items: Pick<ItemSource, 'list'>,
  folders: readonly string[],
  limits: GatherLimits,
  mayBeShown: (path: string) => boolean | Promise<boolean>,
  onFailure: (error: unknown) => void,
): Promise<readonly GatheredPictures[]> {
  const walks = folders.map(startWalk);
  let listings = limits.listings;
  while (listings > 0) {
    const round = walks.filter((walk) => walk.ahead.length > 0 && walk.pictures.length < limits.picturesOfAFolder).slice(0, listings);
    if (round.length === 0) break;
    listings -= round.length;
    await Promise.all(round.map((walk) => takeStep(walk, items, limits.entries, mayBeShown).catch((error) => skipFolder(walk, error))));
  }
  const found = walks.map(({ pictures }) => Math.min(pictures.length, limits.picturesOfAFolder));
  const shares = shareOut(found, limits.pictures);
  return walks.map((walk, at) => finishWalk(walk, shares[at] ?? 0));

  function skipFolder(walk: Walk, error: unknown): void {
    walk.cutOff = true;
    onFailure(error);
  }
}

/** One folder's walk through what is below it, breadth first. */
interface Walk {
  readonly folder: string;
  /** Folders not listed yet, nearest first. */
  readonly ahead: string[];
  readonly pictures: PictureEntry[];
  hidden: number;
  cutOff: boolean;
}

function startWalk(folder: string): Walk {
  return { folder, ahead: [folder], pictures: [], hidden: 0, cutOff: false };
}

async function takeStep(
  walk: Walk,
  items: Pick<ItemSource, 'list'>,
  limit: number,
  mayBeShown: (path: string) => boolean | Promise<boolean>,
): Promise<void> {
  const folder = walk.ahead.shift();
  const listing = folder === undefined ? null : await items.list(folder, { offset: 0, limit });
  if (listing === null) return;
  if (listing.total > limit) walk.cutOff = true;
  for (const entry of listing.entries) {
    if (entry.kind === 'folder') walk.ahead.push(entry.path);
    else if (await mayBeShown(entry.path)) walk.pictures.push(entry);
    else walk.hidden += 1;
  }
}

function finishWalk({ folder, ahead, pictures, hidden, cutOff }: Walk, share: number): GatheredPictures {
  return { folder, pictures: pictures.slice(0, share), hidden, complete: !cutOff && ahead.length === 0 && pictures.length <= share };
}

/** Gives everybody what they want as far as it goes; where it does not, nobody gets more than one above anybody who still wants some. */
export function shareOut(wanted: readonly number[], total: number): readonly number[] {
  const shares = wanted.map(() => 0);
  let left = total;
  for (;;) {
    const hungry = wanted.flatMap((want, at) => (want > (shares[at] ?? 0) ? [at] : []));
    if (left <= 0 || hungry.length === 0) return shares;
    const each = Math.max(1, Math.floor(left / hungry.length));
    for (const at of hungry) {
      const given = Math.min(each, (wanted[at] ?? 0) - (shares[at] ?? 0), left);
      shares[at] = (shares[at] ?? 0) + given;
      left -= given;
    }
  }
}
