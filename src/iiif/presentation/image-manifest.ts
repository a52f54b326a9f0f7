/** What a manifest is made from, whichever version of the Presentation API it is in. */
import type { LanguageMap } from '../../lib/language-map.ts';
import type { ServiceSource } from '../auth/service-description.ts';
import type { AuthUris } from '../auth/uris.ts';
import { encodeIdentifier } from '../image/parse-path.ts';

export interface ImageManifestInput extends Descriptive {
  /** Of the manifest: `manifestUri`. */
  readonly id: string;
  /** A canvas for each, in this order. */
  readonly pages: readonly [ManifestPage, ...ManifestPage[]];
  /** Null where the spec's default, left to right, is meant or nothing is known. */
  readonly viewingDirection: ViewingDirection | null;
  /** The collection that holds the manifest; null where there is none. */
  readonly partOf: PartOf | null;
  readonly uris: AuthUris;
  /** The header; the strings of Authentication 1.0 have one language each. */
  readonly acceptLanguage: string | null;
}

/** What manifests and collections alike tell a reader. https://iiif.io/api/presentation/3.0/#31-descriptive-properties */
export interface Descriptive {
  readonly label: LanguageMap;
  readonly summary: LanguageMap | null;
  readonly metadata: readonly LabelAndValue[];
  readonly requiredStatement: LabelAndValue | null;
  /** A URI that the Presentation API accepts, or null. */
  readonly rights: string | null;
  /** The page of ours about it. */
  readonly homepage: Homepage;
}

export interface LabelAndValue {
  readonly label: LanguageMap;
  readonly value: LanguageMap;
}

export interface Homepage {
  readonly id: string;
  readonly label: LanguageMap;
}

export interface PartOf {
  readonly id: string;
  readonly label: LanguageMap;
}

export type ViewingDirection = 'left-to-right' | 'right-to-left' | 'top-to-bottom' | 'bottom-to-top';

/** One image, on a canvas of its own. */
export interface ManifestPage {
  /** Of the canvas: `canvasUri`. */
  readonly id: string;
  readonly identifier: string;
  readonly label: LanguageMap;
  readonly metadata: readonly LabelAndValue[];
  readonly requiredStatement: LabelAndValue | null;
  /** Only where it differs from the manifest's. */
  readonly rights: string | null;
  /** Pixels of the full image. */
  readonly width: number;
  readonly height: number;
  /** Of the picture at `full/max`, which limits may make smaller. */
  readonly largest: { readonly width: number; readonly height: number };
  /** Base URIs of the image services of Image API 2.1 and 3.0. */
  readonly imageServices: { readonly 2: string; readonly 3: string };
  /** The access services that can help; empty for an open image. */
  readonly accessServices: readonly ServiceSource[];
}

export type PresentationVersion = 2 | 3;

/** `base`: origin and base path. `path`: of an image or a folder, `''` is the root. `part` counts from 1. `slashSubstitute` as in image URIs. */
export function manifestUri(base: string, version: PresentationVersion, path: string, slashSubstitute: string | null, part = 1): string {
  return `${resourceUri(base, version, path, slashSubstitute)}/manifest${part === 1 ? '' : `/${part}`}`;
}

/** `part`: one hundred of a folder that has many; null for the folder's own collection. */
export function collectionUri(
  base: string,
  version: PresentationVersion,
  folder: string,
  slashSubstitute: string | null,
  part: number | null = null,
): string {
  return `${resourceUri(base, version, folder, slashSubstitute)}/collection${part === null ? '' : `/${part}`}`;
}

/** One canvas for each page of a file, the same in the manifest of the file and in that of its folder. `page` counts from 1. */
export function canvasUri(base: string, version: PresentationVersion, path: string, slashSubstitute: string | null, page: number): string {
  return `${resourceUri(base, version, path, slashSubstitute)}/canvas/${page}`;
}

function resourceUri(base: string, version: PresentationVersion, path: string, slashSubstitute: string | null): string {
  return `${base}/presentation/${version}${path === '' ? '' : `/${encodeIdentifier(path, slashSubstitute)}`}`;
}

const THUMBNAIL_SIDE = 400;

/** The size of a thumbnail in pixels, never above the image's own. */
export function thumbnailSize({ width, height }: { readonly width: number; readonly height: number }): { width: number; height: number } {
  const scale = Math.min(1, THUMBNAIL_SIDE / width, THUMBNAIL_SIDE / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The first page that everybody may see; null where all are locked, for nothing is shown of those. */
export function pageForThumbnail(pages: readonly ManifestPage[]): ManifestPage | null {
  return pages.find(({ accessServices }) => accessServices.length === 0) ?? null;
}

/** Every access service of the manifest once, in the order in which pages name them. */
export function sharedServices(pages: readonly ManifestPage[]): readonly ServiceSource[] {
  const byName = new Map(pages.flatMap(({ accessServices }) => accessServices).map((service) => [service.name, service]));
  return [...byName.values()];
}
