/**
 * The information document. It is true: what it says is what `planImage` does, with the same limits.
 * https://iiif.io/api/image/3.0/#5-image-information
 * https://iiif.io/api/image/2.1/#image-information
 */
import { CONTEXT_URIS, EXTRA_FEATURES, EXTRA_FORMATS, EXTRA_QUALITIES, FORMAT_MAX_SIDE, PROFILE_URIS } from './features.ts';
import { effectiveLimits, type ImageLimits } from './plan.ts';
import type { Format, ImageApiVersion, Quality } from './request.ts';
import { preferredSizes, type StoredImage, tileGrid } from './tile-grid.ts';

const PROTOCOL = 'http://iiif.io/api/image';
const AUTH_2_CONTEXT = 'http://iiif.io/api/auth/2/context.json';

type JsonObject = Readonly<Record<string, unknown>>;

export interface InformationInput extends StoredImage {
  readonly version: ImageApiVersion;
  /** The base URI of the image service, without a slash at the end. */
  readonly id: string;
  /** As configured; the document gives the effective ones. */
  readonly limits: ImageLimits;
  /** A URI of Creative Commons or RightsStatements.org; in 2.1 it becomes `license`. */
  readonly rights: string | null;
  /** In the syntax of the version, as they shall stand in the document. */
  readonly services: readonly JsonObject[];
  /** Whether any pixel may be transparent: then formats that can hold that are preferred. */
  readonly alpha?: boolean;
  /** Whether there is no colour at all: `color` is answered, and not on offer (3.0 §4.4). */
  readonly gray?: boolean;
  /** 2.1 only: a text that must be shown with the image. */
  readonly attribution?: string | null;
}

/** Key order is part of it: `@context` comes first (3.0 §5.2). */
export function informationDocument(input: InformationInput): Record<string, unknown> {
  const limits = effectiveLimits(input.limits, input);
  return input.version === 2 ? document2(input, limits) : document3(input, limits);
}

/** For those who may not know how large the image is: the whole but its pixels. A viewer that signs in asks again. */
export function sizelessDocument({
  version,
  id,
  services,
}: Pick<InformationInput, 'version' | 'id' | 'services'>): Record<string, unknown> {
  const service = services.length > 0 ? { service: services } : {};
  if (version === 2) return { '@context': CONTEXT_URIS[2], '@id': id, protocol: PROTOCOL, profile: [PROFILE_URIS[2]], ...service };
  return { '@context': context3(services), id, type: 'ImageService3', protocol: PROTOCOL, profile: 'level2', ...service };
}

function document3(input: InformationInput, limits: ImageLimits): Record<string, unknown> {
  return {
    '@context': context3(input.services),
    id: input.id,
    type: 'ImageService3',
    protocol: PROTOCOL,
    profile: 'level2',
    width: input.width,
    height: input.height,
    maxWidth: limits.maxWidth,
    maxHeight: limits.maxHeight,
    maxArea: limits.maxArea,
    sizes: preferredSizes(input, limits),
    tiles: [tileGrid(input, limits)],
    ...(isKnownRights(input.rights) ? { rights: input.rights } : {}),
    preferredFormats: preferredFormats(input, limits),
    extraFormats: extraFormats(limits),
    extraQualities: extraQualities(input),
    extraFeatures: EXTRA_FEATURES[3].filter((feature) => isOffered(feature, limits)),
    ...(input.services.length > 0 ? { service: input.services } : {}),
  };
}

function document2(input: InformationInput, limits: ImageLimits): Record<string, unknown> {
  return {
    '@context': CONTEXT_URIS[2],
    '@id': input.id,
    protocol: PROTOCOL,
    width: input.width,
    height: input.height,
    sizes: preferredSizes(input, limits),
    tiles: [tileGrid(input, limits)],
    profile: [PROFILE_URIS[2], profile2(input, limits)],
    ...(input.attribution ? { attribution: input.attribution } : {}),
    ...(input.rights !== null ? { license: input.rights } : {}),
    ...(input.services.length > 0 ? { service: input.services } : {}),
  };
}

/** https://iiif.io/api/image/2.1/#profile-description */
function profile2(input: InformationInput, limits: ImageLimits): Record<string, unknown> {
  return {
    formats: extraFormats(limits),
    qualities: extraQualities(input),
    supports: EXTRA_FEATURES[2].filter((feature) => isOffered(feature, limits)),
    maxWidth: limits.maxWidth,
    maxHeight: limits.maxHeight,
    maxArea: limits.maxArea,
  };
}

/** Whether a feature that the server has is to be had of this image. */
function isOffered(feature: string, { upscaling, sizeAboveFull, quarterTurnsOnly }: ImageLimits): boolean {
  if (feature === 'sizeUpscaling') return upscaling !== false;
  if (feature === 'sizeAboveFull') return sizeAboveFull;
  return feature !== 'rotationArbitrary' || quarterTurnsOnly !== true;
}

/** The Image API's own context is the last one (3.0 §5.2). */
function context3(services: readonly JsonObject[]): string | readonly string[] {
  const needsAuth2 = services.some((service) => service['type'] === 'AuthProbeService2');
  return needsAuth2 ? [AUTH_2_CONTEXT, CONTEXT_URIS[3]] : CONTEXT_URIS[3];
}

function extraQualities({ version, gray }: InformationInput): readonly Quality[] {
  return EXTRA_QUALITIES[version].filter((quality) => quality !== 'color' || gray !== true);
}

/** Only what holds the largest image that can be asked for, turned by any angle. */
function extraFormats({ maxWidth, maxHeight, maxArea }: ImageLimits): readonly Format[] {
  const widest = Math.hypot(maxWidth, Math.min(maxHeight, maxArea / maxWidth));
  const highest = Math.hypot(maxHeight, Math.min(maxWidth, maxArea / maxHeight));
  const longest = Math.ceil(Math.max(widest, highest)) + 1;
  return EXTRA_FORMATS.filter((format) => FORMAT_MAX_SIDE[format] >= longest);
}

/** JPEG is the fastest from here: a tile that is stored as one is sent as it is. */
function preferredFormats(input: InformationInput, limits: ImageLimits): readonly Format[] {
  if (input.alpha !== true) return ['jpg'];
  return extraFormats(limits).includes('webp') ? ['webp', 'png'] : ['png'];
}

/** 3.0 takes `rights` from these two vocabularies only (§5.6). */
function isKnownRights(rights: string | null): rights is string {
  return (
    rights !== null &&
    /^https?:\/\/(?:creativecommons\.org\/(?:licenses|publicdomain)|rightsstatements\.org\/(?:vocab|page))\//.test(rights)
  );
}
