import type { AccessModel, Decision } from '../domain/access.ts';
import { decide } from '../domain/decide.ts';
import { decideStreamPart } from '../domain/decide-stream.ts';
import type { Source } from '../domain/item.ts';
import { isPlaylistType } from '../domain/media-types.ts';
import type { ItemSource, StreamSource } from '../domain/ports.ts';
import type { Visitor } from '../domain/visitor.ts';

export interface MediaDeps {
  readonly items: Pick<ItemSource, 'find'>;
  readonly streams: StreamSource;
  access(): AccessModel;
  now(): Date;
}

export type MediaOutcome =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'denied'; readonly decision: Exclude<Decision, { outcome: 'allowed' }> }
  /** The item is a stream: it is asked for by its path, so that what it names is found beside it. */
  | { readonly kind: 'stream'; readonly path: string }
  | MediaFile;

export interface MediaFile {
  readonly kind: 'file';
  readonly path: string;
  readonly mediaType: string;
  readonly source: Source;
  /** Whether shared caches may keep it. */
  readonly open: boolean;
}

/** One request for the file of an item, whole or a part of it: find, decide, and nothing of the file before that. */
export async function serveMedia(deps: MediaDeps, identifier: string, visitor: () => Promise<Visitor>): Promise<MediaOutcome> {
  const item = await deps.items.find(identifier);
  // Pictures are served by the Image API: a whole source would walk around its limits.
  if (item === null || item.kind === 'image') return { kind: 'not-found' };
  const decision = decide(deps.access(), item.path, await visitor(), deps.now());
  if (decision.outcome !== 'allowed') return { kind: 'denied', decision };
  if (isPlaylistType(item.mediaType)) return { kind: 'stream', path: item.path };
  return { kind: 'file', path: item.path, mediaType: item.mediaType, source: item.source, open: decision.open };
}

/** One request for a file of a stream: its playlist, a segment, a key. */
export async function serveStreamPart(deps: MediaDeps, path: string, visitor: () => Promise<Visitor>): Promise<MediaOutcome> {
  const part = await deps.streams.findPart(path);
  if (part === null) return { kind: 'not-found' };
  const decision = decideStreamPart(deps.access(), part, await visitor(), deps.now());
  if (decision.outcome !== 'allowed') return { kind: 'denied', decision };
  return { kind: 'file', path, mediaType: part.mediaType, source: part.source, open: decision.open };
}
