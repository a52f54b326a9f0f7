/**
 * Files that a model names: https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html#uris
 * A file is part of a model only if the model says so, and lies beside it or below.
 */
import { LRUCache } from 'lru-cache';
import type { Source } from '../../domain/item.ts';

/** Bytes. A larger one has its buffers within it. */
const LARGEST_MODEL = 4_000_000;
const KEPT_MODELS = 500;

/** Paths of the files that a model names, by the model's own path. Empty for one that cannot be read. */
export function createModelReader(
  readText: (source: Source) => Promise<string>,
): (path: string, source: Source) => Promise<ReadonlySet<string>> {
  const kept = new LRUCache<string, ReadonlySet<string>>({ max: KEPT_MODELS });
  return async (path, source) => {
    const key = `${path}\n${source.version}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const text = source.bytes > LARGEST_MODEL ? '' : await readText(source).catch(() => '');
    const names = namesInModel(text);
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const parts = new Set(names.map((name) => folder + name));
    kept.set(key, parts);
    return parts;
  };
}

/** Relative addresses of buffers and images, decoded, that lead nowhere but down. */
export function namesInModel(text: string): readonly string[] {
  const { buffers, images } = parseModel(text);
  return [...listOf(buffers), ...listOf(images)].flatMap(({ uri }) => {
    const name = typeof uri === 'string' ? decodeName(uri) : null;
    return name === null ? [] : [name];
  });
}

interface Model {
  readonly buffers?: unknown;
  readonly images?: unknown;
}

function parseModel(text: string): Model {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function listOf(value: unknown): ReadonlyArray<{ readonly uri?: unknown }> {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}

/** Null for `data:`, for other places, and for what climbs. */
function decodeName(uri: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:|^\/|[?#\\]/i.test(uri)) return null;
  try {
    const segments = uri
      .replace(/^(?:\.\/)+/, '')
      .split('/')
      .map(decodeURIComponent);
    return segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..' && !segment.includes('/'))
      ? segments.join('/')
      : null;
  } catch {
    return null;
  }
}
