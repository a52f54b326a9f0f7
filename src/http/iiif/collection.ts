/**
 * A collection for each folder: its manifests, and the folders in it.
 * https://iiif.io/api/presentation/3.0/#51-collection and https://iiif.io/api/presentation/2.1/#collection
 */

import type { StoredManifest } from '../../domain/ports.ts';
import {
  type CollectionFlowDeps,
  type CollectionFolder,
  type CollectionOutcome,
  FOLDERS_OF_A_COLLECTION,
  serveCollection,
} from '../../flows/serve-collection.ts';
import { ITEMS_OF_A_MANIFEST } from '../../flows/serve-manifest.ts';
import { parseIdentifier } from '../../iiif/image/parse-path.ts';
import { imageServiceUri } from '../../iiif/image/service-uri.ts';
import type { CollectionInput, CollectionMember } from '../../iiif/presentation/collection.ts';
import { collection2 } from '../../iiif/presentation/collection-2.ts';
import { collection3 } from '../../iiif/presentation/collection-3.ts';
import { collectionUri, givenManifestUri, manifestUri } from '../../iiif/presentation/manifest.ts';
import type { LanguageMap } from '../../lib/language-map.ts';
import { isRefusal, refuse } from '../../lib/problems.ts';
import { folderPageUri } from '../pages/page-uris.ts';
import { folderLabel, rangeLabel } from '../pages/picture-title.ts';
import type { Handler } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';
import type { ManifestDeps } from './manifest-deps.ts';
import { presentationReply } from './presentation-reply.ts';

export interface CollectionDeps extends ManifestDeps, CollectionFlowDeps {}

const BUILD = { 2: collection2, 3: collection3 } as const;
const NO_COLLECTION = refuse('not-found', 'There is no folder with this identifier.');

/** `/presentation/{version}/:identifier/collection`, and `…/collection/:part` for folders with many; the root has no identifier. */
export function createCollection(version: 2 | 3, deps: CollectionDeps): Handler {
  return async (request) => {
    const { identifier: encoded } = request.params;
    const folder = encoded === undefined ? '' : parseIdentifier(encoded, { slashSubstitute: deps.slashSubstitute });
    if (isRefusal(folder)) return problem(folder);
    const part = parsePart(request.params['part']);
    if (part === 'none') return problem(NO_COLLECTION);
    const visitor = await deps.recognise(request, 'information');
    const outcome = await serveCollection(deps, folder, part, () => Promise.resolve(visitor));
    if (outcome.kind === 'not-found') return problem(NO_COLLECTION);
    const writer = createWriter(deps, version, request.base);
    return presentationReply(deps, request, version, BUILD[version](writer.input(folder, part, outcome)), {
      visitor,
      open: outcome.open,
      modified: null,
    });
  };
}

/** Null for the collection of the folder itself. */
function parsePart(text: string | undefined): number | null | 'none' {
  if (text === undefined) return null;
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 'none';
}

type Found = Extract<CollectionOutcome, { kind: 'collection' }>;

function createWriter(deps: ManifestDeps, version: 2 | 3, base: string) {
  const { slashSubstitute } = deps;
  const manifest = (path: string, part: number) => manifestUri(base, version, path, slashSubstitute, part);
  const collection = (path: string, part: number | null) => collectionUri(base, version, path, slashSubstitute, part);
  const thumbnail = (path: string | null): CollectionMember['thumbnail'] =>
    path === null ? null : { 2: imageServiceUri(base, 2, path, slashSubstitute), 3: imageServiceUri(base, 3, path, slashSubstitute) };

  function manifestsOf(folder: string, label: LanguageMap, { manifests, items, thumbnail: picture }: Found): readonly CollectionMember[] {
    return Array.from({ length: manifests }, (_, at) => ({
      kind: 'manifest',
      id: manifest(folder, at + 1),
      label: manifests === 1 ? label : partLabel(label, at + 1, ITEMS_OF_A_MANIFEST, items),
      thumbnail: at === 0 ? thumbnail(picture) : null,
    }));
  }

  function partsOf(folder: string, label: LanguageMap, { folderParts, totalFolders }: Found): readonly CollectionMember[] {
    return Array.from({ length: folderParts }, (_, at) => ({
      kind: 'collection',
      id: collection(folder, at + 1),
      label: partLabel(label, at + 1, FOLDERS_OF_A_COLLECTION, totalFolders),
      thumbnail: null,
    }));
  }

  function member({ path, entry, kind, thumbnail: picture }: CollectionFolder): CollectionMember {
    const id = kind === 'manifest' ? manifest(path, 1) : collection(path, null);
    return { kind, id, label: folderLabel(path, entry, deps.title), thumbnail: thumbnail(picture) };
  }

  function given({ name, kind, label }: StoredManifest): CollectionMember {
    return { kind, id: givenManifestUri(base, name, slashSubstitute), label, thumbnail: null };
  }

  function holderOf(folder: string, part: number | null, label: LanguageMap): CollectionInput['partOf'] {
    if (part !== null) return { id: collection(folder, null), label };
    if (folder === '') return null;
    const parent = folder.split('/').slice(0, -1).join('/');
    return { id: collection(parent, null), label: folderLabel(parent, null, deps.title) };
  }

  return {
    input(folder: string, part: number | null, found: Found): CollectionInput {
      const { entry } = found;
      const label = folderLabel(folder, entry, deps.title);
      return {
        id: collection(folder, part),
        label: part === null ? label : partLabel(label, part, FOLDERS_OF_A_COLLECTION, found.totalFolders),
        summary: entry?.summary ?? null,
        metadata: entry?.metadata ?? [],
        requiredStatement: entry?.requiredStatement ?? null,
        rights: entry?.rights ?? null,
        homepage: { id: folderPageUri(base, folder), label: { none: [deps.title] } },
        partOf: holderOf(folder, part, label),
        members: [
          ...manifestsOf(folder, label, found),
          ...found.folders.map(member),
          ...partsOf(folder, label, found),
          ...found.given.map(given),
        ],
      };
    },
  };
}

function partLabel(label: LanguageMap, part: number, size: number, total: number): LanguageMap {
  return rangeLabel(label, (part - 1) * size + 1, Math.min(part * size, total));
}
