/** Takes out of a document that somebody else wrote what must not be named, and what would be left without it. */
import { isJsonObject, type Json, type JsonObject, listOf } from '../../../lib/json.ts';
import { isIdKey, isReferenceKey } from './resolve-ids.ts';

type Keep = Json | undefined;

/** Null where nothing is left of the document: every canvas or member of it is gone. */
export function withholdThings(document: JsonObject, isWithheld: (uri: string) => boolean): JsonObject | null {
  const gone = new Set<string>();
  const without = keepObject(document, isWithheld, gone);
  if (without === undefined) return null;
  if (gone.size === 0) return without;
  // Ranges, starting points and annotations name canvases that are no longer there.
  return keepObject(without, (uri) => gone.has(uri.replace(/#.*$/s, '')), gone) ?? null;
}

/** Without these an object of the type says nothing: then it goes as well. */
const CONTENTS: Readonly<Record<string, readonly string[]>> = {
  Manifest: ['items'],
  Collection: ['items'],
  Canvas: ['items'],
  AnnotationPage: ['items'],
  Annotation: ['body', 'target'],
  Choice: ['items'],
  Range: ['items'],
  SpecificResource: ['source'],
  'sc:Manifest': ['sequences'],
  'sc:Collection': ['manifests', 'collections', 'members'],
  'sc:Sequence': ['canvases'],
  'sc:Canvas': ['images'],
  'sc:Range': ['canvases', 'ranges', 'members'],
  'oa:Annotation': ['resource', 'on'],
  'oa:Choice': ['default'],
  'oa:SpecificResource': ['full'],
};
/** Of these one of several contents is enough. */
const ANY_IS_ENOUGH: ReadonlySet<string> = new Set(['sc:Collection', 'sc:Range']);

function keepObject(object: JsonObject, isWithheld: (uri: string) => boolean, gone: Set<string>): JsonObject | undefined {
  const kept = isNamed(object, isWithheld) ? undefined : keepProperties(object, isWithheld, gone);
  if (kept !== undefined && !isEmptied(object, kept)) return kept;
  const id = object['id'] ?? object['@id'];
  const type = String(object['type'] ?? object['@type']);
  if (typeof id === 'string' && /Canvas$/.test(type)) gone.add(id);
  return undefined;
}

/** By its own id, or as an image by its service. */
function isNamed(object: JsonObject, isWithheld: (uri: string) => boolean): boolean {
  const ids = [object, ...listOf(object['service'])].map((each) => (isJsonObject(each) ? (each['id'] ?? each['@id']) : each));
  return ids.some((id) => typeof id === 'string' && isWithheld(id));
}

function keepProperties(object: JsonObject, isWithheld: (uri: string) => boolean, gone: Set<string>): JsonObject {
  const kept = Object.entries(object).map(([key, value]) => [key, keepValue(key, value, isWithheld, gone)] as const);
  return Object.fromEntries(kept.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function keepValue(key: string, value: Json, isWithheld: (uri: string) => boolean, gone: Set<string>): Keep {
  if (typeof value === 'string') return (isReferenceKey(key) || isIdKey(key)) && isWithheld(value) ? undefined : value;
  if (isJsonObject(value)) return keepObject(value, isWithheld, gone);
  if (!Array.isArray(value)) return value;
  const all = value as readonly Json[];
  const kept = all.map((each) => keepValue(key, each, isWithheld, gone)).filter((each) => each !== undefined);
  return all.length > 0 && kept.length === 0 ? undefined : kept;
}

function isEmptied(before: JsonObject, after: JsonObject): boolean {
  const type = String(before['type'] ?? before['@type']);
  const contents = (CONTENTS[type] ?? []).filter((key) => listOf(before[key]).length > 0);
  const lost = contents.filter((key) => after[key] === undefined);
  return ANY_IS_ENOUGH.has(type) ? lost.length > 0 && lost.length === contents.length : lost.length > 0;
}
