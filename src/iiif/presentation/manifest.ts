/** What a manifest is made from, whichever version of the Presentation API it is in. */
import type { LanguageMap } from '../../lib/language-map.ts';
import type { ServiceSource } from '../auth/service-description.ts';
import type { AuthUris } from '../auth/uris.ts';
import { encodeIdentifier } from '../image/parse-path.ts';

export interface ManifestInput extends Descriptive {
  /** Of the manifest: `manifestUri`. */
  readonly id: string;
  /** In this order. */
  readonly canvases: readonly [ManifestCanvas, ...ManifestCanvas[]];
  /** Files to open or to save, beside what is on canvases. */
  readonly renderings: readonly LinkedFile[];
  /** What opens the manifest itself; empty where it is all there. */
  readonly accessServices: readonly ServiceSource[];
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

export type ManifestCanvas = ImageCanvas | MediaCanvas | DrawnCanvas | ClosedCanvas;

/** What every canvas has. */
interface CanvasFacts {
  /** Of the canvas: `canvasUri`. */
  readonly id: string;
  readonly label: LanguageMap;
  readonly metadata: readonly LabelAndValue[];
  readonly requiredStatement: LabelAndValue | null;
  /** Only where it differs from the manifest's. */
  readonly rights: string | null;
  /** What everybody may see of a locked image. */
  readonly thumbnail: Thumbnail | null;
}

/** One image, on a canvas of its size. */
export interface ImageCanvas extends CanvasFacts {
  readonly kind: 'image';
  readonly identifier: string;
  /** Pixels of the full image. */
  readonly width: number;
  readonly height: number;
  /** Of the picture at `full/max`, which limits may make smaller; null where it is not told. */
  readonly largest: Size | null;
  readonly imageServices: ImageServices;
  /** The access services that can help; empty for an open image. */
  readonly accessServices: readonly ServiceSource[];
}

/** A film or a sound, on a canvas that lasts as long. */
export interface MediaCanvas extends CanvasFacts {
  readonly kind: 'media';
  readonly file: LinkedFile;
  readonly seconds: number;
  /** Of a film, in pixels; null where its file does not tell, and for a sound. */
  readonly size: Size | null;
  /** For 2.1, which knows images only. */
  readonly drawing: Drawing;
}

/** What cannot be painted on a canvas: a drawing stands for it, and the file itself is to open or to save. */
export interface DrawnCanvas extends CanvasFacts {
  readonly kind: 'drawing';
  readonly drawing: Drawing;
  /** Null where it is not told. */
  readonly file: LinkedFile | null;
}

/** An item that is named, and that nothing opens: an empty canvas. */
export interface ClosedCanvas extends CanvasFacts {
  readonly kind: 'closed';
  readonly size: Size;
}

/** Base URIs of the image services of Image API 2.1 and 3.0. */
export interface ImageServices {
  readonly 2: string;
  readonly 3: string;
}

export interface Thumbnail extends Size {
  readonly imageServices: ImageServices;
}

/** A file that is no image. */
export interface LinkedFile {
  readonly uri: string;
  readonly type: 'Dataset' | 'Model' | 'Sound' | 'Text' | 'Video';
  readonly label: LanguageMap;
  /** Media type, without parameters. */
  readonly format: string;
  readonly identifier: string;
  /** The access services that can help; empty for an open file. */
  readonly accessServices: readonly ServiceSource[];
}

/** An SVG of ours. */
export interface Drawing extends Size {
  readonly uri: string;
}

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Of films that do not tell their size: players fit the picture in. */
export const STAGE: Size = { width: 1280, height: 720 };
/** Of what shall not be told: a square says nothing. */
export const UNTOLD: Size = { width: 1000, height: 1000 };

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

/** Of a manifest or a collection that somebody else wrote, by the name of its file. It has one version, its own. */
export function givenManifestUri(base: string, name: string, slashSubstitute: string | null): string {
  return `${base}/presentation/manifests/${encodeIdentifier(name, slashSubstitute)}`;
}

function resourceUri(base: string, version: PresentationVersion, path: string, slashSubstitute: string | null): string {
  return `${base}/presentation/${version}${path === '' ? '' : `/${encodeIdentifier(path, slashSubstitute)}`}`;
}

const THUMBNAIL_SIDE = 400;

/** The size of a thumbnail in pixels, never above the image's own. */
export function thumbnailSize({ width, height }: Size): Size {
  const scale = Math.min(1, THUMBNAIL_SIDE / width, THUMBNAIL_SIDE / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Of the first image of which everybody may see something; null where there is none. */
export function thumbnailOfManifest(canvases: readonly ManifestCanvas[]): Thumbnail | null {
  for (const canvas of canvases) {
    const thumbnail = openImage(canvas) ?? canvas.thumbnail;
    if (thumbnail !== null) return { imageServices: thumbnail.imageServices, ...thumbnailSize(thumbnail) };
  }
  return null;
}

/** At the size at which it is answered; null for what is no image, or is locked. */
function openImage(canvas: ManifestCanvas): Thumbnail | null {
  if (canvas.kind !== 'image' || canvas.accessServices.length > 0 || canvas.largest === null) return null;
  return { imageServices: canvas.imageServices, ...canvas.largest };
}

/** The access services of a canvas. */
export function servicesOfCanvas(canvas: ManifestCanvas): readonly ServiceSource[] {
  if (canvas.kind === 'image') return canvas.accessServices;
  return canvas.kind === 'closed' ? [] : (canvas.file?.accessServices ?? []);
}

/** Every access service of the manifest once, as the first of its parts has it, in the order in which they name them. */
export function sharedServices({ renderings, canvases }: ManifestInput): readonly ServiceSource[] {
  return firstOfEachName([...renderings.flatMap(({ accessServices }) => accessServices), ...canvases.flatMap(servicesOfCanvas)]);
}

/** One service may have other texts on other items. */
export function firstOfEachName(services: readonly ServiceSource[]): readonly ServiceSource[] {
  const byName = new Map<string, ServiceSource>();
  for (const service of services) if (!byName.has(service.name)) byName.set(service.name, service);
  return [...byName.values()];
}
