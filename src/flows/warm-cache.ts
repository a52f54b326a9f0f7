import type { AccessModel } from '../domain/access.ts';
import { type Item, pageOf, type SourceDescription } from '../domain/item.ts';
import type { DerivativeCache, ImageReader, ItemSource } from '../domain/ports.ts';
import { describeTier, limitTier } from '../domain/tier.ts';
import { effectiveLimits, type ImageLimits, type Plan, planImage } from '../iiif/image/plan.ts';
import type { Format, ImageRequest, Region, Size } from '../iiif/image/request.ts';
import { tileGrid } from '../iiif/image/tile-grid.ts';
import { Failure, isRefusal } from '../lib/problems.ts';
import { derivativeKey } from './derivative-key.ts';
import { findItem } from './find-item.ts';

export interface WarmDeps {
  readonly items: ItemSource;
  readonly images: ImageReader;
  readonly cache: DerivativeCache;
  readonly limits: ImageLimits;
  /** As that of the server which shall find them. */
  readonly rendering: string;
  access(): AccessModel;
  now(): Date;
  /** Resolves when what was put is kept: a cache that has too much to write leaves out what comes then. */
  settled(): Promise<void>;
}

/** What shall be there before somebody asks. */
export interface WarmWish {
  /** Of the whole image. */
  readonly sizes: readonly Size[];
  /** Whether all tiles too that its information document offers. */
  readonly tiles: boolean;
  readonly format: Format;
  /** Names of tiers, where an item has such. */
  readonly tiers: readonly string[];
}

export interface Warmed {
  readonly path: string;
  /** Derivatives that were made now. */
  readonly made: number;
  /** That were there before, or are copied from the source as they are stored. */
  readonly ready: number;
  /** Why there are no more; null where all is well. */
  readonly problem: string | null;
}

const ENTRIES_AT_ONCE = 200;

/** Paths of the images that a path stands for: one, or all of a folder and below it (`''` is the root). Null where nothing is there. */
export async function findImages(items: ItemSource, path: string): Promise<AsyncIterable<string> | null> {
  const item = path === '' ? null : await items.find(path);
  if (item !== null) return item.kind === 'image' ? one(item.path) : one();
  const folder = await items.list(path, { offset: 0, limit: 1 });
  return folder === null ? null : imagesBelow(items, path);
}

async function* one(...paths: readonly string[]): AsyncIterable<string> {
  yield* paths;
}

async function* imagesBelow(items: ItemSource, root: string): AsyncIterable<string> {
  const ahead = [root];
  for (let folder = ahead.shift(); folder !== undefined; folder = ahead.shift()) {
    for (let offset = 0, total = 1; offset < total; offset += ENTRIES_AT_ONCE) {
      const listing = await items.list(folder, { offset, limit: ENTRIES_AT_ONCE });
      total = listing?.total ?? 0;
      for (const { kind, path } of listing?.entries ?? []) {
        if (kind === 'folder') ahead.push(path);
        if (kind === 'image') yield path;
      }
    }
  }
}

/**
 * All pages of an image, and its tiers. Nobody is asked who may see them: what is kept says nothing about that. `onProgress` is
 * told how much is done, 0 to 1.
 */
export async function warmImage(deps: WarmDeps, path: string, wish: WarmWish, onProgress: (share: number) => void): Promise<Warmed> {
  const tally = { made: 0, ready: 0 };
  try {
    const identifiers = [path, ...wish.tiers.map((tier) => `${path}/~${tier}`)];
    for (const [i, identifier] of identifiers.entries()) {
      const first = await findItem(deps.items, deps.access(), identifier);
      if (first?.kind !== 'image') continue;
      const { pages } = await deps.images.describe(first);
      for (let page = 1; page <= pages; page += 1) {
        const onPage = (share: number) => onProgress((i + (page - 1 + share) / pages) / identifiers.length);
        await warmPage(deps, pageOf(first, page), wish, tally, onPage);
      }
    }
    return { path, ...tally, problem: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { path, ...tally, problem: error.message };
  }
}

async function warmPage(
  deps: WarmDeps,
  item: Item,
  wish: WarmWish,
  tally: { made: number; ready: number },
  onProgress: (share: number) => void,
): Promise<void> {
  const source = await deps.images.describe(item);
  const described = describeTier(source, item.tier);
  const limits = limitTier(deps.limits, item.tier);
  const requests = [...requestsOf(item, described, limits, wish)];
  for (const [i, asked] of requests.entries()) {
    const plan = planImage(asked, described, limits);
    if (isRefusal(plan)) continue;
    if (await isMade(deps, item, source, plan)) tally.made += 1;
    else tally.ready += 1;
    onProgress((i + 1) / requests.length);
  }
}

async function isMade(deps: WarmDeps, item: Item, source: SourceDescription, plan: Plan): Promise<boolean> {
  const key = derivativeKey(deps.rendering, item, plan);
  if ((await deps.cache.get(key)) !== null || (await deps.images.copy(item, plan)) !== null) return false;
  const begun = deps.now();
  const bytes = await deps.images.render(item, source, plan, new AbortController().signal);
  deps.cache.put(key, bytes, { copied: false, begun, milliseconds: deps.now().getTime() - begun.getTime() });
  await deps.settled();
  return true;
}

function* requestsOf(item: Item, image: SourceDescription, limits: ImageLimits, wish: WarmWish): Iterable<ImageRequest> {
  const { identifier } = item;
  const rest = { version: 3, identifier, rotation: { mirrored: false, degrees: 0 }, quality: 'default', format: wish.format } as const;
  for (const size of wish.sizes) yield { ...rest, region: { kind: 'full' }, size };
  if (!wish.tiles) return;
  for (const { region, size } of tilesOf(image, limits)) yield { ...rest, region, size };
}

/** As viewers compute them. https://iiif.io/api/image/3.0/implementation/#3-tile-region-parameter-calculation */
function* tilesOf(image: SourceDescription, limits: ImageLimits): Iterable<{ readonly region: Region; readonly size: Size }> {
  const grid = tileGrid(image, effectiveLimits(limits, image));
  for (const factor of grid.scaleFactors) {
    const [stepX, stepY] = [grid.width * factor, grid.height * factor];
    for (let y = 0; y < image.height; y += stepY) {
      for (let x = 0; x < image.width; x += stepX) {
        const [width, height] = [Math.min(stepX, image.width - x), Math.min(stepY, image.height - y)];
        const size = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
        yield { region: { kind: 'pixels', x, y, width, height }, size: { kind: 'exact', ...size, upscale: false } };
      }
    }
  }
}
