/**
 * Ids of a document that somebody else wrote, where it is served: what is relative becomes ours, and the document is called
 * by its address. https://iiif.io/api/presentation/3.0/#id and https://iiif.io/api/presentation/2.1/#technical-properties
 */
import { isJsonObject, type Json, type JsonObject } from '../../../lib/json.ts';

export interface IdPlace {
  /** Where the document is served. */
  readonly id: string;
  /** What all URIs of this server begin with, without a slash at the end. */
  readonly base: string;
}

/** Properties whose texts are ids of other things. Others may hold a text that only looks like one. */
const REFERENCES: ReadonlySet<string> = new Set([
  ...['target', 'on', 'body', 'resource', 'source', 'full', 'default', 'item', 'items', 'start', 'startCanvas', 'within', 'partOf'],
  ...['service', 'thumbnail', 'logo', 'related', 'seeAlso', 'rendering', 'homepage', 'annotations', 'otherContent', 'contentLayer'],
  ...['sequences', 'canvases', 'ranges', 'manifests', 'collections', 'members', 'images', 'supplementary', 'layers'],
]);

export function isIdKey(key: string): boolean {
  return key === 'id' || key === '@id';
}

export function isReferenceKey(key: string): boolean {
  return REFERENCES.has(key);
}

/** The same document with every id resolved. Its own id, wherever it stands, becomes its address. */
export function resolveIds(document: JsonObject, version: 2 | 3, place: IdPlace): JsonObject {
  const key = version === 3 ? 'id' : '@id';
  const own = document[key];
  const ids = new Map<string, string>();
  for (const id of idsIn(document)) ids.set(id, resolveId(id, place));
  if (typeof own === 'string' && own !== '') ids.set(own, place.id);
  const resolved = resolveObject(document, { ...place, ids });
  if (key in resolved) return { ...resolved, [key]: place.id };
  const { '@context': context, ...rest } = resolved;
  return { ...(context === undefined ? {} : { '@context': context }), [key]: place.id, ...rest };
}

function idsIn(value: Json): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(idsIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => (isIdKey(key) && typeof each === 'string' ? [each] : idsIn(each)));
}

interface Resolver extends IdPlace {
  /** Every id of the document as it is written, and resolved. */
  readonly ids: ReadonlyMap<string, string>;
}

function resolveObject(object: JsonObject, resolver: Resolver): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, resolveProperty(key, value, resolver)]));
}

function resolveProperty(key: string, value: Json, resolver: Resolver): Json {
  if (typeof value !== 'string') return resolveValue(value, resolver, isReferenceKey(key));
  if (isIdKey(key)) return resolver.ids.get(value) ?? value;
  return isReferenceKey(key) ? resolveReference(value, resolver) : value;
}

/** A list of `id` is a text in Indonesian. */
function resolveValue(value: Json, resolver: Resolver, areReferences: boolean): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => resolveEach(each, resolver, areReferences));
  return isJsonObject(value) ? resolveObject(value, resolver) : value;
}

function resolveEach(value: Json, resolver: Resolver, areReferences: boolean): Json {
  if (typeof value === 'string') return areReferences ? resolveReference(value, resolver) : value;
  return resolveValue(value, resolver, areReferences);
}

const PLACEHOLDER = '{base}';
const ABSOLUTE = /^(?:[a-z][a-z0-9+.-]*:|_:|\/\/)/i;

function resolveId(text: string, { id, base }: IdPlace): string {
  if (text === PLACEHOLDER || text.startsWith(`${PLACEHOLDER}/`)) return `${base}${text.slice(PLACEHOLDER.length)}`;
  if (text === '' || ABSOLUTE.test(text)) return text;
  if (text.startsWith('/')) return `${base}${text}`;
  if (text.startsWith('#')) return `${id}${text}`;
  return URL.parse(text, `${id}/`)?.href ?? text;
}

/** Other than an id, such a text may be a name: it is taken for a reference where it is an id of the document, or looks like one. */
function resolveReference(text: string, resolver: Resolver): string {
  const hash = text.indexOf('#');
  const whole = resolver.ids.get(text) ?? (hash < 1 ? undefined : resolver.ids.get(text.slice(0, hash)));
  if (whole !== undefined) return resolver.ids.has(text) ? whole : `${whole}${text.slice(hash)}`;
  return /^(?:\.{0,2}\/|#|\{base\})/.test(text) ? resolveId(text, resolver) : text;
}
