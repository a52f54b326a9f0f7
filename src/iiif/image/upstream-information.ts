/**
 * The information document of another image server, given on as ours: its own, but for its id and its locks.
 * https://iiif.io/api/image/3.0/#5-image-information and https://iiif.io/api/image/2.1/#image-information
 */
import { isJsonObject, type Json, type JsonObject, listOf } from '../../lib/json.ts';
import { isAuthService } from '../auth/recognise-service.ts';
import { CONTEXT_URIS, PROFILE_URIS } from './features.ts';
import { effectiveLimits, type ImageLimits } from './plan.ts';
import type { Dimensions } from './plan-region.ts';
import type { ImageApiVersion } from './request.ts';
import { tileGrid } from './tile-grid.ts';

/** Null for what is no information document of version 2 or 3 with dimensions. */
export function versionOfInformation(document: Json): ImageApiVersion | null {
  if (!isJsonObject(document) || !isSide(document['width']) || !isSide(document['height'])) return null;
  const contexts = listOf(document['@context']);
  if (contexts.includes(CONTEXT_URIS[3])) return typeof document['id'] === 'string' ? 3 : null;
  return contexts.includes(CONTEXT_URIS[2]) && typeof document['@id'] === 'string' ? 2 : null;
}

function isSide(value: Json | undefined): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

export interface GivenOn {
  readonly version: ImageApiVersion;
  /** The base URI of our image service, without a slash at the end. */
  readonly id: string;
  /** Access services in the syntax of the version. */
  readonly services: readonly JsonObject[];
}

const AUTH_2_CONTEXT = 'http://iiif.io/api/auth/2/context.json';

/** In the order of the upstream. Access services of its own are left out: what they open is not here. */
export function giveOnInformation(document: JsonObject, { version, id, services }: GivenOn): JsonObject {
  const kept = listOf(document['service']).filter((service) => !isAuthService(service));
  const all = [...kept, ...services];
  const given = Object.entries(document).flatMap(([key, value]): ReadonlyArray<readonly [string, Json]> => {
    if (key === '@context') return [[key, contextsOf(value, services)]];
    if (key === (version === 3 ? 'id' : '@id')) return [[key, id]];
    return key === 'service' || (key === 'services' && version === 3) ? [] : [[key, value]];
  });
  return Object.fromEntries(all.length === 0 ? given : [...given, ['service', all]]);
}

/** That of Authorization Flow 2.0 comes before the last one, which is of the Image API (3.0 §5.2). */
function contextsOf(context: Json, services: readonly JsonObject[]): Json {
  const contexts = listOf(context).filter((each) => each !== AUTH_2_CONTEXT);
  const needed = services.some((service) => service['type'] === 'AuthProbeService2') ? [AUTH_2_CONTEXT] : [];
  const all = [...contexts.slice(0, -1), ...needed, ...contexts.slice(-1)];
  return all.length === 1 ? (all[0] ?? context) : all;
}

/** What may be told of an item whose label is not: nothing that somebody wrote about it. */
const WRITTEN: ReadonlySet<string> = new Set(['attribution', 'license', 'logo', 'rights', 'partOf', 'seeAlso', 'service']);

export function withoutWords(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !WRITTEN.has(key)));
}

/** What is not made of a lesser version, whatever the upstream makes. */
const NOT_OF_LESSER: ReadonlySet<Json> = new Set(['sizeAboveFull', 'sizeUpscaling', 'rotationArbitrary']);

/** The document of a lesser version of the same image, in the syntax of its version. What else it offers stays as it is. */
export function lessenInformation(document: JsonObject, version: ImageApiVersion, size: Dimensions, given: ImageLimits): JsonObject {
  const limits = effectiveLimits(given, size);
  const { sizes: _, ...others } = document;
  const lesser = { ...others, ...size, tiles: [asJson(tileGrid({ ...size, tile: null, levels: [] }, limits))] };
  const left = (features: Json | undefined) => listOf(features).filter((feature) => !NOT_OF_LESSER.has(feature));
  if (version === 3) return { ...lesser, ...mostOf(limits, document), extraFeatures: left(document['extraFeatures']) };
  const [level = PROFILE_URIS[2], ...more] = listOf(document['profile']);
  const stated: JsonObject = Object.assign({}, ...more.filter(isJsonObject));
  return { ...lesser, profile: [level, { ...stated, supports: left(stated['supports']), ...mostOf(limits, stated) }] };
}

/** What we make at most, and the upstream. */
function mostOf(limits: ImageLimits, stated: JsonObject): JsonObject {
  const least = (key: 'maxWidth' | 'maxHeight' | 'maxArea') => {
    const theirs = stated[key];
    return typeof theirs === 'number' ? Math.min(theirs, limits[key]) : limits[key];
  };
  return { maxWidth: least('maxWidth'), maxHeight: least('maxHeight'), maxArea: least('maxArea') };
}

function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Value of `Link` for the level that the document says it has; our own level where it says none. */
export function profileOfInformation(document: JsonObject, version: ImageApiVersion): string {
  const [profile] = listOf(document['profile']);
  const level = typeof profile === 'string' ? (/(?:^|\/)level([012])(?:\.json)?$/.exec(profile)?.[1] ?? '2') : '2';
  return `<${PROFILE_URIS[version].replace('level2', `level${level}`)}>;rel="profile"`;
}
