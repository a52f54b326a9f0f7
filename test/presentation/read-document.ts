import { normalize } from '@iiif/parser';
import { presentation3StrictUpgrade } from '@iiif/parser/strict';
import { upgrade } from '@iiif/parser/upgrader';
import type { Collection, Manifest } from '@iiif/presentation-3';
import * as manifesto from 'manifesto.js';

/** What a parser made of a manifest or a collection. */
export interface ReadDocument {
  readonly id: string;
  readonly type: 'Manifest' | 'Collection';
  readonly label: string;
  /** Ids of canvases, or of members, in order. */
  readonly items: readonly string[];
}

/** @iiif/parser, which takes 2.1 as well. */
export function readWithParser(document: object): ReadDocument {
  const resource: Manifest | Collection = upgrade(structuredClone(document));
  const { mapping } = normalize(structuredClone(document));
  const known = new Set(Object.keys(mapping));
  const items = resource.items.map(({ id }) => id);
  const lost = items.filter((id) => !known.has(id));
  if (lost.length > 0) throw new Error(`@iiif/parser lost ${lost.join(', ')}`);
  return {
    id: resource.id,
    type: resource.type,
    label: Object.values(resource.label ?? {})
      .flat()
      .join(' '),
    items,
  };
}

/**
 * What @iiif/parser would have to repair in a manifest of 3.0, one sentence each. Services of Authentication 1.0 are left
 * out: it takes their labels, texts by their own specification, for those of 3.0.
 */
export function findRepairs(manifest: object): readonly string[] {
  const state: { warnings: string[] } = { warnings: [] };
  presentation3StrictUpgrade(
    JSON.parse(JSON.stringify(manifest, (_, value) => (Array.isArray(value) ? value.filter(isNewer) : value))),
    state,
  );
  return state.warnings;
}

function isNewer(value: unknown): boolean {
  return !(typeof value === 'object' && value !== null && '@type' in value && value['@type'] === 'AuthCookieService1');
}

/** manifesto.js, with which Mirador and Universal Viewer read. */
export function readWithManifesto(document: object): ReadDocument {
  const resource = manifesto.parseManifest(JSON.stringify(document));
  if (resource === null || resource === undefined) throw new Error('manifesto.js reads nothing in it');
  const label = resource.getLabel().getValue() ?? '';
  if (resource instanceof manifesto.Collection) {
    return { id: resource.id, type: 'Collection', label, items: resource.items.map(({ id }) => id) };
  }
  if (!(resource instanceof manifesto.Manifest)) throw new Error('manifesto.js takes it for neither a manifest nor a collection');
  return { id: resource.id, type: 'Manifest', label, items: canvasesOf(resource).map(({ id }) => id) };
}

/** Image services as manifesto.js finds them, one list for each canvas. */
export function imageServicesOf(document: object): ReadonlyArray<readonly string[]> {
  const resource = manifesto.parseManifest(JSON.stringify(document));
  if (!(resource instanceof manifesto.Manifest)) return [];
  return canvasesOf(resource).map((canvas) => {
    const bodies = [
      ...canvas.getContent().flatMap((annotation) => annotation.getBody()),
      ...canvas.getImages().map((image) => image.getResource()),
    ];
    const services = bodies.flatMap((body) => body.getServices());
    return services.map(({ id }) => id).filter((id) => id.includes('/iiif/'));
  });
}

function canvasesOf(manifest: manifesto.Manifest): readonly manifesto.Canvas[] {
  return manifest.getSequences().flatMap((sequence) => sequence.getCanvases());
}
