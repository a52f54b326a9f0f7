import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KNOWN_ENDINGS } from '../../domain/media-types.ts';
import type { FolderNames } from './folder-names.ts';

/** Listings of large folders, in files: for the next start, and for other processes. */
export interface KeptListings {
  /** Null where none of this state is kept. */
  find(folder: string, state: string): Promise<FolderNames | null>;
  keep(folder: string, state: string, names: FolderNames): Promise<void>;
}

/** Fewer names are read and put in order in less time than a file costs. */
const FEWEST_NAMES = 5_000;
/** One for each large folder; 200,000 names are some megabytes. */
const MOST_FILES = 100;
/** What is an item, and what is kept of it: listings that were made by another rule do not count. */
const RULE = createHash('sha256')
  .update(JSON.stringify([1, KNOWN_ENDINGS]))
  .digest('base64url');

interface Listing {
  readonly rule: string;
  readonly folder: string;
  readonly state: string;
  readonly names: FolderNames;
}

/** `within` is made when it is missing. What cannot be read or written is as if it were not kept. */
export function createKeptListings(within: string): KeptListings {
  const fileOf = (folder: string) => join(within, `${createHash('sha256').update(folder).digest('hex').slice(0, 40)}.json`);
  return {
    async find(folder, state) {
      const listing = await readListing(fileOf(folder));
      const isOfNow = listing?.rule === RULE && listing.folder === folder && listing.state === state;
      return isOfNow ? listing.names : null;
    },
    async keep(folder, state, names) {
      if (names.folders.length + names.items.length < FEWEST_NAMES) return;
      const draft = join(within, `new-${randomBytes(9).toString('hex')}`);
      try {
        await mkdir(within, { recursive: true, mode: 0o700 });
        await writeFile(draft, JSON.stringify({ rule: RULE, folder, state, names } satisfies Listing), { mode: 0o600 });
        await rename(draft, fileOf(folder));
        await removeOldest(within);
      } catch {
        await rm(draft, { force: true }).catch(() => {});
      }
    },
  };
}

async function readListing(file: string): Promise<Listing | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Listing;
  } catch {
    return null;
  }
}

/** Drafts that were left behind among them. */
async function removeOldest(within: string): Promise<void> {
  const names = await readdir(within);
  if (names.length <= MOST_FILES) return;
  const files = await Promise.all(
    names.map(async (name) => ({ file: join(within, name), at: (await stat(join(within, name)).catch(() => null))?.mtimeMs ?? 0 })),
  );
  const oldest = files.toSorted((one, other) => one.at - other.at).slice(0, names.length - MOST_FILES);
  for (const { file } of oldest) await rm(file, { force: true });
}
