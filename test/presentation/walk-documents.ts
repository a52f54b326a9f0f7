import { expect } from 'vitest';
import { findBreaches } from './find-breaches.ts';
import { findRepairs, readWithManifesto, readWithParser } from './read-document.ts';

export interface WalkedDocument {
  readonly uri: string;
  readonly document: object;
}

/**
 * Every manifest and collection of a running server, from its root collection on, as whoever sends these headers gets them.
 * Two parsers that are not ours read each of them alike, and none breaks what its specification demands.
 */
export async function walkDocuments(
  base: string,
  version: 2 | 3,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly WalkedDocument[]> {
  const seen = new Map<string, object>();
  const ahead = [`${base}/presentation/${version}/collection`];
  for (let uri = ahead.shift(); uri !== undefined; uri = ahead.shift()) {
    if (seen.has(uri)) continue;
    const response = await fetch(uri, { headers });
    // A locked manifest is a manifest all the same.
    expect([uri, [200, 401].includes(response.status)]).toEqual([uri, true]);
    const document: object = JSON.parse(await response.text());
    seen.set(uri, document);
    ahead.push(...expectSound(uri, document));
  }
  return [...seen].map(([uri, document]) => ({ uri, document }));
}

/** Two parsers read one document alike, and it breaks nothing. What a collection names. */
function expectSound(uri: string, document: object): readonly string[] {
  const read = readWithParser(document);
  const other = readWithManifesto(document);
  // manifesto.js puts collections before manifests; the order of canvases is the order of pages.
  const order = (items: readonly string[]) => (read.type === 'Manifest' ? items : items.toSorted());
  expect({ ...other, items: order(other.items) }).toMatchObject({ id: uri, type: read.type, items: order(read.items) });
  expect([uri, read.label]).not.toEqual([uri, '']);
  expect([uri, findBreaches(document)]).toEqual([uri, []]);
  if (read.type === 'Collection') return read.items;
  if ('type' in document) expect([uri, findRepairs(document)]).toEqual([uri, []]);
  return [];
}
