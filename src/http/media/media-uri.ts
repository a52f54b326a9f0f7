import type { Item } from '../../domain/item.ts';
import { hasParts } from '../../domain/media-types.ts';
import { encodeIdentifier } from '../../iiif/image/parse-path.ts';

/**
 * The URI of an item's file. A stream, or a model, has the slashes of its path, so that what it names is found beside it.
 * `base`: what URIs begin with, or our own path.
 */
export function mediaUri(
  base: string,
  { identifier, isStream }: { readonly identifier: string; readonly isStream: boolean },
  slashSubstitute: string | null,
): string {
  if (isStream) return `${base}/media/stream/${identifier.split('/').map(encodeURIComponent).join('/')}`;
  return `${base}/media/${encodeIdentifier(identifier, slashSubstitute)}`;
}

/** The same for an item that was found, or a tier of one: what a stream names is below the identifier of the tier. */
export function itemFileUri(base: string, item: Item, slashSubstitute: string | null): string {
  const isStream = hasParts(item.mediaType);
  if (!isStream || item.standIn === undefined) return mediaUri(base, { identifier: item.identifier, isStream }, slashSubstitute);
  return mediaUri(base, { identifier: `${item.identifier}/${item.standIn.split('/').at(-1)}`, isStream }, slashSubstitute);
}
