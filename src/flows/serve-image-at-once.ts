import { findPolicy } from '../domain/decide.ts';
import type { Item } from '../domain/item.ts';
import type { ImagesAtOnce } from '../domain/ports.ts';
import type { Visitor } from '../domain/visitor.ts';
import type { ImageRequest } from '../iiif/image/request.ts';
import { decideAgain } from './decide-again.ts';
import { type PlannedAnswer, planAnswer } from './plan-answer.ts';
import type { ImageDeps, ImageOutcome } from './serve-image.ts';

/** What is asked of an item that was found a moment ago, by a visitor who was recognised a moment ago. */
export interface AskAtOnce {
  readonly request: ImageRequest;
  readonly item: Item;
  readonly visitor: Visitor;
  readonly isFresh: (etag: string, modified: Date | null) => boolean;
  /** Larger images are for those who can wait. */
  readonly mostBytes: number;
}

export interface ImageAtOnceDeps extends Omit<ImageDeps, 'images' | 'items' | 'lanes' | 'seating'> {
  readonly images: ImagesAtOnce;
}

export type MadeAtOnce = Extract<ImageOutcome, { kind: 'denied' | 'image' | 'not-modified' }>;

/** `serveImage` in the same order, without waiting for anything: null where there is something to wait for, or a refusal to explain. */
export function serveImageAtOnce(deps: ImageAtOnceDeps, { request, item, visitor, isFresh, mostBytes }: AskAtOnce): MadeAtOnce | null {
  const access = deps.access();
  // Who needs a seat takes it, which has to be written down.
  if (findPolicy(access, item.path)?.seats !== undefined) return null;
  const decision = decideAgain(access, item, visitor, deps.now());
  if (decision.outcome !== 'allowed') {
    deps.visits.refused(visitor, item, decision);
    return { kind: 'denied', item, decision };
  }

  const source = deps.images.describeAtOnce(item);
  const planned = source === null ? null : planAnswer(deps, { request, item, decision, source });
  if (planned === null || !('etag' in planned)) return null;
  const bytes = deps.cache.recall(planned.key) ?? copyAtOnce(deps, planned);
  if (bytes === null || bytes.length > mostBytes) return null;
  deps.visits.given(visitor, item, decision);
  return isFresh(planned.etag, planned.modified) ? { kind: 'not-modified', ...planned } : { kind: 'image', ...planned, bytes };
}

function copyAtOnce({ images, cache, now }: ImageAtOnceDeps, { item, plan, key }: PlannedAnswer): Uint8Array | null {
  const begun = now();
  const copied = images.copyAtOnce(item, plan);
  if (copied !== null) cache.put(key, copied, { copied: true, begun, milliseconds: now().getTime() - begun.getTime() });
  return copied;
}
