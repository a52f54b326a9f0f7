import type { Item } from '../../domain/item.ts';
import { findMediaType, hasParts, isPlaylistType } from '../../domain/media-types.ts';
import type { MediaFiles } from '../../domain/ports.ts';
import type { MediaFacts, MediaKind } from '../../ui/media-facts.ts';

/** What our pages say of an item that is no image. */
export async function mediaFactsOf(files: Pick<MediaFiles, 'describe'>, item: Item, kind: MediaKind): Promise<MediaFacts> {
  const { seconds, size } = await files.describe(item);
  return { kind, seconds, size, bytes: isPlaylistType(item.mediaType) ? null : item.source.bytes };
}

/** To those who may not know how long or large it is: what kind of thing. */
export function toldFacts(facts: MediaFacts, dimensions: boolean): MediaFacts {
  return dimensions ? facts : { kind: facts.kind, seconds: null, size: null, bytes: null };
}

/** Whether the item at a path names files beside it: a stream, or a model. */
export function isStream(path: string): boolean {
  return hasParts(findMediaType(path)?.mediaType ?? '');
}
