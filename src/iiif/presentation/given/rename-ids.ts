/** Ids in a document that somebody else wrote, given other names wherever they stand as ids or references. */
import { isJsonObject, type Json, type JsonObject } from '../../../lib/json.ts';
import { isIdKey, isReferenceKey } from './resolve-ids.ts';

/** `rename`: the same text for what keeps its name. */
export function renameIds(document: JsonObject, rename: (id: string) => string): JsonObject {
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [key, renameIn(key, value, rename)]));
}

function renameIn(key: string, value: Json, rename: (id: string) => string): Json {
  if (typeof value === 'string') return isIdKey(key) || isReferenceKey(key) ? rename(value) : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => renameIn(key, each, rename));
  return isJsonObject(value) ? renameIds(value, rename) : value;
}
