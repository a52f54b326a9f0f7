import type { AccessModel, Decision } from '../domain/access.ts';
import { decide } from '../domain/decide.ts';
import type { DerivativeKey } from '../domain/derivative.ts';
import type { Item, SourceDescription } from '../domain/item.ts';
import type { DerivativeCache, ImageReader, ItemSource } from '../domain/ports.ts';
import { describeTier } from '../domain/tier.ts';
import type { Visitor } from '../domain/visitor.ts';
import { type Plan, turnedSize } from '../iiif/image/plan.ts';
import { type ImageRequest, isLossless } from '../iiif/image/request.ts';
import type { Refusal } from '../lib/problems.ts';
import type { VisitAudit } from './audit-visits.ts';
import { findItem } from './find-item.ts';
import { type PlannedAnswer, type PlanningDeps, planAnswer } from './plan-answer.ts';
import type { Lane, RenderLanes } from './render-lanes.ts';
import type { Seating } from './take-seat.ts';

export interface ImageDeps extends PlanningDeps {
  readonly items: ItemSource;
  readonly images: ImageReader;
  readonly cache: DerivativeCache;
  readonly lanes: RenderLanes;
  readonly visits: VisitAudit;
  readonly seating: Pick<Seating, 'seat'>;
  access(): AccessModel;
  now(): Date;
}

export type ImageOutcome =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'denied'; readonly item: Item; readonly decision: Exclude<Decision, { outcome: 'allowed' }> }
  | Refusal
  | (PlannedAnswer & { readonly kind: 'not-modified' })
  | (PlannedAnswer & { readonly kind: 'image'; readonly bytes: Uint8Array });

/** What a request brings besides its parameters. `isFresh` answers If-None-Match and If-Modified-Since. */
export interface ImageAsk {
  readonly request: ImageRequest;
  readonly visitor: () => Promise<Visitor>;
  readonly isFresh: (etag: string, modified: Date | null) => boolean;
  readonly signal: AbortSignal;
}

/** One image request, in the order that matters: find, decide, describe, plan, and only then cache and pixels. */
export async function serveImage(deps: ImageDeps, ask: ImageAsk): Promise<ImageOutcome> {
  const access = deps.access();
  const item = await findItem(deps.items, access, ask.request.identifier);
  if (item?.kind !== 'image') return { kind: 'not-found' };

  const visitor = await deps.seating.seat(await ask.visitor(), item);
  const decision = decide(access, item.path, visitor, deps.now(), item.tier);
  if (decision.outcome !== 'allowed') {
    deps.visits.refused(visitor, item, decision);
    return { kind: 'denied', item, decision };
  }

  return giveImage(deps, { item, visitor, decision }, ask);
}

export interface AllowedImage {
  readonly item: Item;
  readonly visitor: Visitor;
  readonly decision: Extract<Decision, { outcome: 'allowed' }>;
}

/** To whom it was allowed: describe, plan, and only then cache and pixels. */
export async function giveImage(
  deps: Omit<ImageDeps, 'items' | 'seating' | 'access'>,
  { item, visitor, decision }: AllowedImage,
  ask: Omit<ImageAsk, 'visitor'>,
): Promise<Exclude<ImageOutcome, { kind: 'denied' }>> {
  const source = await deps.images.describe(item);
  const planned = planAnswer(deps, { request: ask.request, item, decision, source });
  if (!('etag' in planned)) return planned;
  deps.visits.given(visitor, item, decision);
  if (ask.isFresh(planned.etag, planned.modified)) return { kind: 'not-modified', ...planned };

  // To copy what is stored costs no more than to look for a copy of it.
  const { key, plan } = planned;
  const bytes =
    deps.cache.recall(key) ??
    (await copyStored(deps, item, plan, key)) ??
    (await deps.cache.get(key)) ??
    (await renderOnce(deps, item, source, plan, key, ask.signal));
  return { kind: 'image', ...planned, bytes };
}

type MakingDeps = Pick<ImageDeps, 'images' | 'cache' | 'lanes' | 'now'>;

/** Copied where it is stored so; null where it must be made. */
async function copyStored({ images, cache, now }: MakingDeps, item: Item, plan: Plan, key: DerivativeKey): Promise<Uint8Array | null> {
  const begun = now();
  const copied = await images.copy(item, plan);
  if (copied !== null) cache.put(key, copied, { copied: true, begun, milliseconds: now().getTime() - begun.getTime() });
  return copied;
}

/** Once for all who ask for it at the same time, and kept. */
function renderOnce(
  deps: MakingDeps,
  item: Item,
  source: SourceDescription,
  plan: Plan,
  key: DerivativeKey,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return deps.lanes.run(key.text, laneOf(workOf(item, source, plan), source), signal, () => renderAndKeep(deps, item, source, plan, key));
}

async function renderAndKeep(
  { images, cache, now }: Pick<ImageDeps, 'images' | 'cache' | 'now'>,
  item: Item,
  source: SourceDescription,
  plan: Plan,
  key: DerivativeKey,
): Promise<Uint8Array> {
  const begun = now();
  const bytes = await images.render(item, source, plan, new AbortController().signal);
  cache.put(key, bytes, { copied: false, begun, milliseconds: now().getTime() - begun.getTime() });
  return bytes;
}

/** Of a tier that is limited in size the whole is made first, and its regions are cut from that. */
function workOf({ tier }: Item, source: SourceDescription, plan: Plan): Plan {
  const { width, height } = describeTier(source, tier);
  if (width === source.width && height === source.height) return plan;
  return { ...plan, region: { x: 0, y: 0, width: source.width, height: source.height }, size: { width, height } };
}

/** Pixels written, and pixels that must be decoded for them, above which a request waits in the lane of big ones. */
const SMALL_OUTPUT_PIXELS = 2_000_000;
const SMALL_DECODED_PIXELS = 32_000_000;

export function laneOf(plan: Plan, description: SourceDescription): Lane {
  const { width, height } = turnedSize(plan);
  const output = width * height;
  return output <= SMALL_OUTPUT_PIXELS && decodedPixels(plan, description) <= SMALL_DECODED_PIXELS ? 'small' : 'big';
}

/** An estimate: what is tiled is read by region from the level just above the wanted size, any other source as a whole. */
function decodedPixels(plan: Plan, description: SourceDescription): number {
  const ofPyramid = description.pyramid && !isLossless(plan.format);
  if (!ofPyramid && !description.byRegion) return description.width * description.height;
  const wanted = Math.max(plan.size.width / plan.region.width, plan.size.height / plan.region.height);
  const scales = [1, ...description.levels.map((level) => level.width / description.width)];
  const scale = Math.min(...scales.filter((each) => each >= Math.min(wanted, 1)));
  return plan.region.width * plan.region.height * scale * scale;
}
