import type { Item } from '../../domain/item.ts';
import { describeTier, limitTier, tierIdentifier } from '../../domain/tier.ts';
import type { Telling } from '../../domain/when-locked.ts';
import type { DescribedPage } from '../../flows/describe-pages.ts';
import type { ManifestFile, ManifestMedia, ManifestPicture } from '../../flows/serve-manifest.ts';
import { effectiveLimits, type ImageLimits } from '../../iiif/image/plan.ts';
import { largestUnscaled } from '../../iiif/image/plan-size.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import {
  type ClosedCanvas,
  type ImageCanvas,
  type ImageServices,
  type LinkedFile,
  type ManifestCanvas,
  type MediaCanvas,
  type Thumbnail,
  thumbnailSize,
  UNTOLD,
} from '../../iiif/presentation/manifest.ts';
import type { LanguageMap } from '../../lib/language-map.ts';
import { pictureLabel, UNTOLD_LABEL } from '../pages/picture-title.ts';
import { canvasOf } from './canvas-of.ts';
import { drawingOf, linkedFile } from './linked-file.ts';

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
  const hasCanvas = (file: ManifestFile) => file.kind === 'picture' || file.closed || duration(file) !== null;
  if (!files.some(hasCanvas)) return { canvases: files.flatMap((file) => canvasesOf(file, place)), renderings: [] };
  const others = files.filter((file): file is ManifestMedia => file.kind === 'media' && !hasCanvas(file));
  return {
    canvases: files.filter(hasCanvas).flatMap((file) => canvasesOf(file, place)),
    renderings: others.map((file) => linkOf(file, place)),
  };
}

/** Null for what takes no time, or does not tell how much. */
function duration({ item, description, telling }: ManifestMedia): number | null {
  return telling.dimensions && (item.kind === 'film' || item.kind === 'sound') ? description.seconds : null;
}

function canvasesOf(file: ManifestFile, place: CanvasPlace): readonly ManifestCanvas[] {
  if (file.closed) return [closedCanvas(file, place)];
  return file.kind === 'picture' ? pagesOf(file, place) : [mediaCanvas(file, place)];
}

function pagesOf(file: ManifestPicture, place: CanvasPlace): readonly ImageCanvas[] {
  const { services, pages, telling } = file;
  return pages.map((page) => ({
    ...pageParts(page, telling, place),
    ...factsOf(file, place),
    label: !place.ofFolder && pages.length > 1 ? { none: [String(page.item.page)] } : labelOf(file, page.item, place),
    accessServices: services,
    thumbnail: thumbnailOf(page, telling, place),
  }));
}

function labelOf({ entry, telling }: ManifestFile, item: Item, { titleOf }: CanvasPlace): LanguageMap {
  return telling.label ? pictureLabel(item, entry, titleOf) : UNTOLD_LABEL;
}

function thumbnailOf({ item, description }: DescribedPage, { thumbnail }: Telling, place: CanvasPlace): Thumbnail | null {
  if (thumbnail === null || item.tier !== undefined) return null;
  const whole = describeTier(description, thumbnail);
  const size = largestUnscaled(whole, effectiveLimits(limitTier(place.limits, thumbnail), whole));
  return { imageServices: servicesOf(tierIdentifier(item.identifier, thumbnail), place), ...thumbnailSize(size) };
}

/** Nothing opens it, so there is nothing to paint. */
function closedCanvas(file: ManifestFile, place: CanvasPlace): ClosedCanvas {
  const { item, telling } = file;
  const [first] = file.kind === 'picture' ? file.pages : [];
  const size = first?.description ?? (file.kind === 'media' ? file.description.size : null);
  return {
    kind: 'closed',
    id: canvasOf(item, place.version, place.base, place.slashSubstitute),
    label: labelOf(file, item, place),
    ...factsOf(file, place),
    size: telling.dimensions && size !== null ? { width: size.width, height: size.height } : UNTOLD,
    thumbnail: first === undefined ? null : thumbnailOf(first, telling, place),
  };
}

function factsOf(file: ManifestFile, { ofFolder, rights }: CanvasPlace): Pick<ManifestCanvas, 'metadata' | 'requiredStatement' | 'rights'> {
  const { entry, telling } = file;
  const own = entry?.rights ?? (file.kind === 'picture' && telling.label ? file.pages[0].description.rights : null);
  return {
    metadata: ofFolder ? (entry?.metadata ?? []) : [],
    requiredStatement: ofFolder ? (entry?.requiredStatement ?? null) : null,
    rights: ofFolder && own !== rights ? own : null,
  };
}

type PageParts = Pick<ImageCanvas, 'kind' | 'id' | 'identifier' | 'width' | 'height' | 'largest' | 'imageServices'>;

function pageParts({ item, description }: DescribedPage, { dimensions }: Telling, place: CanvasPlace): PageParts {
  const { version, base, slashSubstitute, limits } = place;
  const { identifier } = item;
  const { width, height } = dimensions ? description : UNTOLD;
  return {
    kind: 'image',
    id: canvasOf(item, version, base, slashSubstitute),
    identifier,
    width,
    height,
    largest: dimensions ? largestUnscaled({ width, height }, effectiveLimits(limitTier(limits, item.tier), { width, height })) : null,
    imageServices: servicesOf(identifier, place),
  };
}

function servicesOf(identifier: string, { base, slashSubstitute }: CanvasPlace): ImageServices {
  const service = (of: 2 | 3) => imageServiceUri(base, of, identifier, slashSubstitute);
  return { 2: service(2), 3: service(3) };
}

function mediaCanvas(media: ManifestMedia, place: CanvasPlace): ManifestCanvas {
  const { item, description } = media;
  const { version, base, slashSubstitute } = place;
  const facts = {
    id: canvasOf(item, version, base, slashSubstitute),
    label: labelOf(media, item, place),
    ...factsOf(media, place),
    thumbnail: null,
    drawing: drawingOf(kindOf(media), base),
    file: linkOf(media, place),
  };
  const seconds = duration(media);
  if (seconds === null) return { kind: 'drawing', ...facts };
  const canvas: MediaCanvas = { kind: 'media', ...facts, seconds, size: item.kind === 'film' ? description.size : null };
  return canvas;
}

function linkOf(media: ManifestMedia, place: CanvasPlace): LinkedFile {
  const { item, services } = media;
  return linkedFile(item, kindOf(media), { label: labelOf(media, item, place), services }, place);
}

function kindOf({ item }: ManifestMedia) {
  if (item.kind === 'image') throw new RangeError('an image among media');
  return item.kind;
}
