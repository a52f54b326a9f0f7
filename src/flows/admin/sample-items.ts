import type { AccessModel } from '../../domain/access.ts';
import type { ComparedItem } from '../../domain/compare-access.ts';
import type { Clock, FolderListing, ItemSource } from '../../domain/ports.ts';
import { Failure } from '../../lib/problems.ts';

export interface SampleDeps {
  readonly items: Pick<ItemSource, 'find' | 'list'>;
  readonly clock: Clock;
}

export interface SampleLimits {
  readonly items: number;
  readonly seconds: number;
}

export interface ItemSample {
  readonly items: readonly ComparedItem[];
  /** Whether these are all. */
  readonly complete: boolean;
}

/** Somebody waits for it, and a number of this size shows what a policy does. */
export const SAMPLE_LIMITS: SampleLimits = { items: 20_000, seconds: 4 };
/** Entries that one listing asks for: every folder is begun before a large one is read to its end. */
const ENTRIES_AT_ONCE = 200;
/** Items that policies name one by one are looked for by their names. */
const MOST_NAMED = 500;

/** The items of the whole tree, as far as the limits go, and those that one of the files names by their path. */
export async function sampleItems(
  deps: SampleDeps,
  models: readonly AccessModel[],
  limits: SampleLimits = SAMPLE_LIMITS,
): Promise<ItemSample> {
  const found = new Map<string, ComparedItem>();
  const ends = deps.clock.now().getTime() + limits.seconds * 1000;
  const ahead = [{ folder: '', offset: 0 }];
  let complete = true;
  while (ahead.length > 0 && found.size < limits.items && deps.clock.now().getTime() < ends) {
    const next = ahead.shift();
    if (next === undefined) break;
    const listing = await listOrNull(deps, next);
    if (listing === null) {
      complete = false;
      continue;
    }
    for (const entry of listing.entries) {
      if (entry.kind === 'folder') ahead.push({ folder: entry.path, offset: 0 });
      else found.set(entry.path, { path: entry.path, kind: entry.kind });
    }
    const offset = next.offset + ENTRIES_AT_ONCE;
    if (listing.total > offset) ahead.push({ folder: next.folder, offset });
  }
  if (ahead.length > 0) {
    complete = false;
    for (const item of await findNamed(deps, models)) found.set(item.path, item);
  }
  return { items: [...found.values()], complete };
}

/** Null for a folder that cannot be read, or is gone. */
async function listOrNull({ items }: SampleDeps, { folder, offset }: { folder: string; offset: number }): Promise<FolderListing | null> {
  try {
    return await items.list(folder, { offset, limit: ENTRIES_AT_ONCE });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return null;
  }
}

async function findNamed({ items }: SampleDeps, models: readonly AccessModel[]): Promise<readonly ComparedItem[]> {
  const patterns = models.flatMap(({ policies }) => policies.flatMap((policy) => policy.items));
  const names = [...new Set(patterns)].filter((pattern) => !/[*?{]/.test(pattern)).slice(0, MOST_NAMED);
  const found = await Promise.all(names.map((name) => items.find(name).catch(() => null)));
  return found.flatMap((item) => (item === null ? [] : [{ path: item.path, kind: item.kind }]));
}
