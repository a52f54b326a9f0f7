/** Where things of this server occur in a document that somebody else wrote. */
import { isJsonObject, type Json, type JsonObject, listOf } from '../../../lib/json.ts';
import { isRefusal } from '../../../lib/problems.ts';
import { parseIdentifier, parseImagePath } from '../../image/parse-path.ts';
import { isIdKey, isReferenceKey } from './resolve-ids.ts';

/** `service`: an image service. `image`: what one makes. `file`: of a film, a sound, a document. */
export interface OurThing {
  readonly kind: 'service' | 'image' | 'file' | 'manifest';
  readonly identifier: string;
}

/** Null for what is not ours, or no address of ours that could answer. */
export type FindThing = (uri: string) => OurThing | null;

export function createFindThing(base: string, slashSubstitute: string | null): FindThing {
  const options = { slashSubstitute };
  const single = (kind: OurThing['kind'], raw: string): OurThing | null => {
    const identifier = parseIdentifier(raw, options);
    return isRefusal(identifier) ? null : { kind, identifier };
  };
  return (uri) => {
    if (!uri.startsWith(`${base}/`)) return null;
    const path = uri.slice(base.length).replace(/[?#].*$/s, '');
    const [, version, image] = /^\/iiif\/([23])\/(.+)$/s.exec(path) ?? [];
    if (image !== undefined) return imageThing(image.replace(/\/$/, ''), version === '2' ? 2 : 3, slashSubstitute);
    const stream = /^\/media\/stream\/(.+)$/s.exec(path)?.[1];
    if (stream !== undefined) return streamThing(stream);
    const file = /^\/media\/([^/]+)$/.exec(path)?.[1];
    if (file !== undefined) return single('file', file);
    const manifest = /^\/presentation\/[23]\/([^/]+)\/manifest$/.exec(path)?.[1];
    return manifest === undefined ? null : single('manifest', manifest);
  };
}

function imageThing(path: string, version: 2 | 3, slashSubstitute: string | null): OurThing | null {
  const parsed = parseImagePath(path, version, { slashSubstitute });
  if (isRefusal(parsed)) return null;
  return parsed.kind === 'image'
    ? { kind: 'image', identifier: parsed.request.identifier }
    : { kind: 'service', identifier: parsed.identifier };
}

function streamThing(path: string): OurThing | null {
  const names = path.split('/').map((name) => parseIdentifier(name, { slashSubstitute: null }));
  return names.every((name) => typeof name === 'string') ? { kind: 'file', identifier: names.join('/') } : null;
}

/** Of an object with an id. */
export function thingOf(object: JsonObject, find: FindThing): OurThing | null {
  const id = object['id'] ?? object['@id'];
  return typeof id === 'string' ? find(id) : null;
}

/** Whether an image names an image service of ours for the same item. */
export function hasOurService(object: JsonObject, find: FindThing): boolean {
  return listOf(object['service']).some((service) => isJsonObject(service) && thingOf(service, find)?.kind === 'service');
}

/** Identifiers of every item of ours that a document names, each once. */
export function identifiersIn(document: Json, find: FindThing): ReadonlySet<string> {
  const found = new Set<string>();
  const note = (text: string): void => {
    const thing = find(text);
    if (thing !== null) found.add(thing.identifier);
  };
  walk(document, '', note);
  return found;
}

function walk(value: Json, key: string, note: (text: string) => void): void {
  if (typeof value === 'string') {
    if (isIdKey(key) || isReferenceKey(key)) note(value);
  } else if (Array.isArray(value)) {
    for (const each of value as readonly Json[]) walk(each, key, note);
  } else if (isJsonObject(value)) {
    for (const [name, each] of Object.entries(value)) walk(each, name, note);
  }
}
