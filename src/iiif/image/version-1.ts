/**
 * Image servers of Image API 1.0 and 1.1, given on as 2.1: what viewers of today ask for, in the words of then.
 * https://iiif.io/api/image/1.1/#parameters and https://iiif.io/api/image/1.1/#image-info-request
 */
import { type Json, type JsonObject, listOf } from '../../lib/json.ts';
import { CONTEXT_URIS, PROFILE_URIS } from './features.ts';
import type { ImageRequest, Quality } from './request.ts';
import { writeRequest } from './write-request.ts';

const QUALITIES_1: Readonly<Record<Quality, string>> = { default: 'native', color: 'color', gray: 'grey', bitonal: 'bitonal' };

/** `{region}/{size}/{rotation}/{quality}.{format}`, percent-encoded. What 1.1 has no word for is written as in 2.1. */
export function writeRequest1(request: ImageRequest): string {
  const { quality, format, size } = request;
  const written = writeRequest({ ...request, size: size.kind === 'max' ? { kind: 'full' } : size });
  return `${written.slice(0, written.lastIndexOf('/'))}/${QUALITIES_1[quality]}.${format}`;
}

/** The same in the syntax of 2.1; null for what is of a later version already. Its id is not one yet. */
export function renewInformation(document: JsonObject): JsonObject | null {
  const contexts = listOf(document['@context']);
  if (contexts.includes(CONTEXT_URIS[2]) || contexts.includes(CONTEXT_URIS[3])) return null;
  const { width = null, height = null } = document;
  const stated = { formats: listOf(document['formats']), qualities: qualitiesOf(document) };
  const told = Object.fromEntries(Object.entries(stated).filter(([, list]) => list.length > 0));
  return {
    '@context': CONTEXT_URIS[2],
    '@id': '',
    protocol: 'http://iiif.io/api/image',
    width,
    height,
    ...tilesOf(document),
    profile: [PROFILE_URIS[2].replace('level2', `level${levelOf(document)}`), ...(Object.keys(told).length === 0 ? [] : [told])],
  };
}

function qualitiesOf(document: JsonObject): readonly Json[] {
  const words = new Map<Json, Json>(Object.entries(QUALITIES_1).map(([now, then]) => [then, now]));
  return listOf(document['qualities']).map((quality) => words.get(quality) ?? quality);
}

/** https://iiif.io/api/image/1.1/compliance/ */
function levelOf(document: JsonObject): string {
  const { profile } = document;
  return (typeof profile === 'string' ? /#level([012])$/.exec(profile)?.[1] : undefined) ?? '1';
}

/** Of a server that says nothing of tiles viewers ask for regions as they like. */
function tilesOf(document: JsonObject): JsonObject {
  const { tile_width: width, tile_height: height = width } = document;
  const scaleFactors = listOf(document['scale_factors']).filter((factor) => Number.isInteger(factor));
  if (typeof width !== 'number' || typeof height !== 'number' || scaleFactors.length === 0) return {};
  return { tiles: [{ width, height, scaleFactors }] };
}
