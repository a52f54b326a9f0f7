/** What a manifest of one image is made from, whichever version of the Presentation API it is in. */
import type { LanguageMap } from '../../lib/language-map.ts';
import { type AuthService, itemAuthServices } from '../auth/item-services.ts';
import type { ServiceSource } from '../auth/service-description.ts';
import type { AuthUris } from '../auth/uris.ts';
import { encodeIdentifier } from '../image/parse-path.ts';

export interface ImageManifestInput {
  /** Of the manifest: `manifestUri`. */
  readonly id: string;
  readonly identifier: string;
  readonly label: LanguageMap;
  /** Pixels of the full image. */
  readonly width: number;
  readonly height: number;
  /** A URI that the Presentation API accepts, or null. */
  readonly rights: string | null;
  /** Base URIs of the image services of Image API 2.1 and 3.0. */
  readonly imageServices: { readonly 2: string; readonly 3: string };
  /** The access services that can help; empty for an open item. */
  readonly accessServices: readonly ServiceSource[];
  readonly uris: AuthUris;
  /** The header; the strings of Authentication 1.0 have one language each. */
  readonly acceptLanguage: string | null;
}

/** `base`: origin and base path. `slashSubstitute` as in image URIs. */
export function manifestUri(base: string, version: 2 | 3, identifier: string, slashSubstitute: string | null): string {
  return `${base}/presentation/${version}/${encodeIdentifier(identifier, slashSubstitute)}/manifest`;
}

/** What ids of parts of the manifest begin with. */
export function partsOf(id: string): string {
  return id.replace(/\/manifest$/, '');
}

export function authServicesOf(input: ImageManifestInput, version: 2 | 3): readonly AuthService[] {
  const { identifier, accessServices, uris, acceptLanguage } = input;
  return itemAuthServices({ version, identifier, services: accessServices, uris, acceptLanguage });
}

const THUMBNAIL_SIDE = 400;

/** The size of a thumbnail in pixels, never above the image's own. */
export function thumbnailSize({ width, height }: { readonly width: number; readonly height: number }): { width: number; height: number } {
  const scale = Math.min(1, THUMBNAIL_SIDE / width, THUMBNAIL_SIDE / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
