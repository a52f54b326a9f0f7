/**
 * What this server does beyond the compliance level, in one table: the parser, the planner, the information documents
 * and whoever renders agree by reading it.
 * https://iiif.io/api/image/3.0/#57-extra-functionality
 * https://iiif.io/api/image/2.1/#profile-description
 */
import type { Format, ImageApiVersion, Quality } from './request.ts';

/** https://iiif.io/api/image/3.0/#45-format */
export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  tif: 'image/tiff',
  jp2: 'image/jp2',
  pdf: 'application/pdf',
};

/** The longest side that a file of each format can have, as its encoder makes it. A page of PDF holds a JPEG. */
export const FORMAT_MAX_SIDE: Readonly<Record<Format, number>> = {
  jpg: 65_500,
  png: 1_000_000,
  webp: 16_383,
  avif: 16_384,
  gif: 65_535,
  tif: 1_000_000,
  jp2: 1_000_000,
  pdf: 65_500,
};

export const PROFILE_URIS: Readonly<Record<ImageApiVersion, string>> = {
  2: 'http://iiif.io/api/image/2/level2.json',
  3: 'http://iiif.io/api/image/3/level2.json',
};

export const CONTEXT_URIS: Readonly<Record<ImageApiVersion, string>> = {
  2: 'http://iiif.io/api/image/2/context.json',
  3: 'http://iiif.io/api/image/3/context.json',
};

/** Formats that level 2 does not ask for. */
export const EXTRA_FORMATS = ['webp', 'avif', 'gif', 'tif', 'jp2', 'pdf'] as const satisfies readonly Format[];

/** Qualities beyond those of the level 2 profile document. `bitonal` is of level 2 in 2.1, and extra in 3.0. */
export const EXTRA_QUALITIES: Readonly<Record<ImageApiVersion, readonly Quality[]>> = {
  2: ['color', 'gray'],
  3: ['color', 'gray', 'bitonal'],
};

/** Features that level 2 does not ask for. Where 2.1 makes no sizes above full, `sizeAboveFull` is left out. */
export const EXTRA_FEATURES: Readonly<Record<ImageApiVersion, readonly string[]>> = {
  2: ['canonicalLinkHeader', 'mirroring', 'profileLinkHeader', 'regionSquare', 'rotationArbitrary', 'sizeAboveFull'],
  3: ['canonicalLinkHeader', 'mirroring', 'profileLinkHeader', 'rotationArbitrary', 'sizeUpscaling'],
};
