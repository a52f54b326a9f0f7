import { encodeIdentifier } from '../iiif/image/parse-path.ts';

/**
 * The URI of an item's file. A stream has the slashes of its path, so that what its playlist names is found beside it.
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
