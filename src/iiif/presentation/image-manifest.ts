/** What the manifest of an image file is made from, whichever version of the Presentation API it is in. */
import type { LanguageMap } from '../../lib/language-map.ts';
import { type AuthService, itemAuthServices } from '../auth/item-services.ts';
import type { ServiceSource } from '../auth/service-description.ts';
import type { AuthUris } from '../auth/uris.ts';
import { encodeIdentifier } from '../image/parse-path.ts';

export interface ImageManifestInput {
  /** Of the manifest: `manifestUri`. */
  readonly id: string;
  readonly label: LanguageMap;
  /** A URI that the Presentation API accepts, or null. */
  readonly rights: string | null;
  /** A canvas for each, in this order. */
  readonly pages: readonly [ManifestPage, ...ManifestPage[]];
  /** The access services that can help, the same for every page; empty for an open file. */
  readonly accessServices: readonly ServiceSource[];
  readonly uris: AuthUris;
  /** The header; the strings of Authentication 1.0 have one language each. */
  readonly acceptLanguage: string | null;
}

/** One image, on a canvas of its own. */
export interface ManifestPage {
  readonly identifier: string;
  readonly label: LanguageMap;
  /** Pixels of the full image. */
  readonly width: number;
  readonly height: number;
  /** Of the picture at `full/max`, which limits may make smaller. */
  readonly largest: { readonly width: number; readonly height: number };
  /** Base URIs of the image services of Image API 2.1 and 3.0. */
  readonly imageServices: { readonly 2: string; readonly 3: string };
}

/** `base`: origin and base path. `slashSubstitute` as in image URIs. */
export function manifestUri(base: string, version: 2 | 3, identifier: string, slashSubstitute: string | null): string {
  return `${base}/presentation/${version}/${encodeIdentifier(identifier, slashSubstitute)}/manifest`;
}

/** What ids of parts of the manifest begin with. */
export function partsOf(id: string): string {
  return id.replace(/\/manifest$/, '');
}

/** The id of a canvas of the manifest with this id. `number` counts from 1. */
export function canvasUri(id: string, number: number): string {
  return `${partsOf(id)}/canvas/${number}`;
}

/** Each page has a probe service of its own. */
export function authServicesOf(input: ImageManifestInput, { identifier }: ManifestPage, version: 2 | 3): readonly AuthService[] {
  const { accessServices, uris, acceptLanguage } = input;
  return itemAuthServices({ version, identifier, services: accessServices, uris, acceptLanguage });
}

const THUMBNAIL_SIDE = 400;

/** The size of a thumbnail in pixels, never above the image's own. */
export function thumbnailSize({ width, height }: { readonly width: number; readonly height: number }): { width: number; height: number } {
  const scale = Math.min(1, THUMBNAIL_SIDE / width, THUMBNAIL_SIDE / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
