import type { AccessModel } from '../../domain/access.ts';
import type { ComparedItem } from '../../domain/compare-access.ts';
import type { ItemSource } from '../../domain/ports.ts';
import { type WalkDeps, type WalkLimits, walkItems } from './walk-items.ts';

export interface SampleDeps extends WalkDeps {
  readonly items: Pick<ItemSource, 'find' | 'list'>;
}

export interface ItemSample {
  readonly items: readonly ComparedItem[];
  /** Whether these are all. */
  readonly complete: boolean;
}

/** Somebody waits for it, and a number of this size shows what a policy does. */
const SAMPLE_LIMITS: WalkLimits = { most: 20_000, seconds: 4 };
/** Items that policies name one by one are looked for by their names. */
const MOST_NAMED = 500;

/** The items of the whole tree, as far as the limits go, and those that one of the files names by their path. */
export async function sampleItems(deps: SampleDeps, models: readonly AccessModel[], limits = SAMPLE_LIMITS): Promise<ItemSample> {
  const walk = await walkItems(deps, ({ kind }) => kind !== 'folder', limits);
  const found = walk.entries.flatMap(({ path, kind }) => (kind === 'folder' ? [] : [{ path, kind }]));
  const named = walk.complete ? [] : await findNamed(deps, models);
  const items = new Map([...found, ...named].map((item) => [item.path, item]));
  return { items: [...items.values()], complete: walk.complete };
}

async function findNamed({ items }: SampleDeps, models: readonly AccessModel[]): Promise<readonly ComparedItem[]> {
  const patterns = models.flatMap(({ policies }) => policies.flatMap((policy) => policy.items));
  const names = [...new Set(patterns)].filter((pattern) => !/[*?{]/.test(pattern)).slice(0, MOST_NAMED);
  const found = await Promise.all(names.map((name) => items.find(name).catch(() => null)));
  return found.flatMap((item) => (item === null ? [] : [{ path: item.path, kind: item.kind }]));
}
