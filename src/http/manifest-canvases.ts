import type { CatalogueEntry } from '../domain/catalogue.ts';
import { limitTier } from '../domain/tier.ts';
import type { DescribedPage } from '../flows/describe-pages.ts';
import type { ManifestFile, ManifestMedia, ManifestPicture } from '../flows/serve-manifest.ts';
import { effectiveLimits, type ImageLimits } from '../iiif/image/plan.ts';
import { largestUnscaled } from '../iiif/image/plan-size.ts';
import { imageServiceUri } from '../iiif/image/service-uri.ts';
import type { ImageCanvas, LinkedFile, ManifestCanvas, MediaCanvas } from '../iiif/presentation/manifest.ts';
import { canvasOf } from './canvas-of.ts';
import { drawingOf, linkedFile } from './linked-file.ts';
import { pictureLabel } from './picture-title.ts';

/** What the documents of one request have in common. */
export interface CanvasPlace {
  readonly version: 2 | 3;
  readonly base: string;
  readonly slashSubstitute: string | null;
  readonly limits: ImageLimits;
  titleOf(path: string): string | null;
  /** False in the manifest of one file, which says everything about it itself. */
  readonly ofFolder: boolean;
  /** What the manifest says. */
  readonly rights: string | null;
}

export interface Contents {
  readonly canvases: readonly ManifestCanvas[];
  /** What is on no canvas. */
  readonly renderings: readonly LinkedFile[];
}

/**
 * Pictures, films and sounds are on canvases. Beside these a document, a model or a text is a link of the manifest, as the
 * PDF of a book is; alone each has a canvas with a drawing, for a manifest must have one.
 */
export function contentsOf(files: readonly ManifestFile[], place: CanvasPlace): Contents {
  const hasCanvas = (file: ManifestFile) => file.kind === 'picture' || duration(file) !== null;
  if (!files.some(hasCanvas)) return { canvases: files.flatMap((file) => canvasesOf(file, place)), renderings: [] };
  const others = files.filter((file): file is ManifestMedia => file.kind === 'media' && !hasCanvas(file));
  return {
    canvases: files.filter(hasCanvas).flatMap((file) => canvasesOf(file, place)),
    renderings: others.map((file) => linkOf(file, place)),
  };
}

/** Null for what takes no time, or does not tell how much. */
function duration({ item, description }: ManifestMedia): number | null {
  return item.kind === 'film' || item.kind === 'sound' ? description.seconds : null;
}

function canvasesOf(file: ManifestFile, place: CanvasPlace): readonly ManifestCanvas[] {
  return file.kind === 'picture' ? pagesOf(file, place) : [mediaCanvas(file, place)];
}

function pagesOf(file: ManifestPicture, place: CanvasPlace): readonly ImageCanvas[] {
  const { entry, services, pages } = file;
  return pages.map((page) => ({
    ...pageParts(page, place),
    ...factsOf(entry, pages[0].description.rights, place),
    label: !place.ofFolder && pages.length > 1 ? { none: [String(page.item.page)] } : pictureLabel(page.item, entry, place.titleOf),
    accessServices: services,
  }));
}

function factsOf(
  entry: CatalogueEntry | null,
  ownRights: string | null,
  { ofFolder, rights }: CanvasPlace,
): Pick<ManifestCanvas, 'metadata' | 'requiredStatement' | 'rights'> {
  const own = entry?.rights ?? ownRights;
  return {
    metadata: ofFolder ? (entry?.metadata ?? []) : [],
    requiredStatement: ofFolder ? (entry?.requiredStatement ?? null) : null,
    rights: ofFolder && own !== rights ? own : null,
  };
}

type PageParts = Pick<ImageCanvas, 'kind' | 'id' | 'identifier' | 'width' | 'height' | 'largest' | 'imageServices'>;

function pageParts({ item, description }: DescribedPage, { version, base, slashSubstitute, limits }: CanvasPlace): PageParts {
  const { identifier } = item;
  const { width, height } = description;
  const service = (of: 2 | 3) => imageServiceUri(base, of, identifier, slashSubstitute);
  return {
    kind: 'image',
    id: canvasOf(item, version, base, slashSubstitute),
    identifier,
    width,
    height,
    largest: largestUnscaled({ width, height }, effectiveLimits(limitTier(limits, item.tier), { width, height })),
    imageServices: { 2: service(2), 3: service(3) },
  };
}

function mediaCanvas(media: ManifestMedia, place: CanvasPlace): ManifestCanvas {
  const { item, entry, description } = media;
  const { version, base, slashSubstitute } = place;
  const facts = {
    id: canvasOf(item, version, base, slashSubstitute),
    label: pictureLabel(item, entry, place.titleOf),
    ...factsOf(entry, null, place),
    drawing: drawingOf(kindOf(media), base),
    file: linkOf(media, place),
  };
  const seconds = duration(media);
  if (seconds === null) return { kind: 'drawing', ...facts };
  const canvas: MediaCanvas = { kind: 'media', ...facts, seconds, size: item.kind === 'film' ? description.size : null };
  return canvas;
}

function linkOf(media: ManifestMedia, place: CanvasPlace): LinkedFile {
  const { item, entry, services } = media;
  return linkedFile(item, kindOf(media), { label: pictureLabel(item, entry, place.titleOf), services }, place);
}

function kindOf({ item }: ManifestMedia) {
  if (item.kind === 'image') throw new RangeError('an image among media');
  return item.kind;
}
