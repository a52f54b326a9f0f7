/**
 * A manifest for each item, of a picture with a canvas for each of its pages, and for each folder that holds items.
 * https://iiif.io/api/presentation/3.0/#52-manifest and https://iiif.io/api/presentation/2.1/#manifest
 */
import type { CatalogueEntry } from '../../domain/catalogue.ts';
import { type ManifestFile, type ManifestOutcome, serveManifest } from '../../flows/serve-manifest.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { parseIdentifier } from '../../iiif/image/parse-path.ts';
import { collectionUri, type ManifestInput, manifestUri } from '../../iiif/presentation/manifest.ts';
import { manifest2 } from '../../iiif/presentation/manifest-2.ts';
import { manifest3 } from '../../iiif/presentation/manifest-3.ts';
import type { LanguageMap } from '../../lib/language-map.ts';
import { isRefusal, refuse } from '../../lib/problems.ts';
import { folderPageUri, mediaPageUri, viewerUri } from '../pages/page-uris.ts';
import { folderLabel, pictureLabel, rangeLabel, UNTOLD_LABEL } from '../pages/picture-title.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';
import { closedItem } from './closed-item.ts';
import { lockedManifestReply } from './locked-manifest.ts';
import { contentsOf } from './manifest-canvases.ts';
import type { ManifestDeps } from './manifest-deps.ts';
import { presentationReply } from './presentation-reply.ts';

/** What the documents of one request have in common. */
interface Place {
  readonly version: 2 | 3;
  readonly base: string;
}

const BUILD = { 2: manifest2, 3: manifest3 } as const;
const NO_MANIFEST = refuse('not-found', 'There is no item and no folder of items with this identifier.');

/**
 * `/presentation/{version}/:identifier/manifest`, for folders of many items `…/manifest/:part`; the root has no identifier.
 * Who may not see an item yet gets its manifest too: it leads to the access services.
 */
export function createManifest(version: 2 | 3, deps: ManifestDeps): Handler {
  return async (request) => {
    const { identifier: encoded } = request.params;
    const path = encoded === undefined ? '' : parseIdentifier(encoded, { slashSubstitute: deps.slashSubstitute });
    if (isRefusal(path)) return problem(path);
    const part = parsePart(request.params['part']);
    if (part === null) return problem(NO_MANIFEST);
    const visitor = await deps.recognise(request, 'information');
    const outcome = await serveManifest(deps, path, part, () => Promise.resolve(visitor));
    if (outcome.kind === 'not-found') return problem(NO_MANIFEST);
    if (outcome.kind === 'refused') return problem(closedItem(outcome.decision, 'item'));
    if (outcome.kind === 'locked') return lockedManifestReply(deps, request, version, outcome, visitor);
    const input = inputOf(deps, request, { version, base: request.base }, outcome);
    const { open, until } = outcome;
    return presentationReply(deps, request, version, BUILD[version](input), { visitor, open, until, modified: modifiedOf(outcome) });
  };
}

/** The first part has the plain address only: one document, one address. */
export function parsePart(text: string | undefined): number | null {
  if (text === undefined) return 1;
  return /^(?:[2-9]|[1-9]\d{1,5})$/.test(text) ? Number(text) : null;
}

type Found = Extract<ManifestOutcome, { kind: 'manifest' }>;

function inputOf(deps: ManifestDeps, request: HttpRequest, place: Place, outcome: Found): ManifestInput {
  const { path, folder, folderEntry, files } = outcome;
  const { version, base } = place;
  const [first] = files;
  const about = folder === null ? itemAbout(first, folderEntry) : folderAbout(folderEntry);
  const { canvases, renderings } = contentsOf(files, { ...deps, ...place, ofFolder: folder !== null, rights: about.rights });
  const [canvas, ...others] = canvases;
  if (canvas === undefined) throw new RangeError('a manifest without a canvas');
  const holder = folder === null ? first.item.path.split('/').slice(0, -1).join('/') : path;
  return {
    ...about,
    id: manifestUri(base, version, path, deps.slashSubstitute, folder?.part),
    label: labelOf(deps, outcome),
    canvases: [canvas, ...others],
    renderings,
    accessServices: [],
    partOf: {
      id: collectionUri(base, version, holder, deps.slashSubstitute),
      label: folderLabel(holder, folderEntry, deps.title),
    },
    homepage: {
      id: pageOf(deps, base, outcome),
      label: { none: [deps.title] },
    },
    uris: authUris(base, deps.slashSubstitute),
    acceptLanguage: request.header('accept-language'),
  };
}

function pageOf({ slashSubstitute }: ManifestDeps, base: string, { path, folder, files: [first] }: Found): string {
  if (folder !== null) return folderPageUri(base, path);
  return first.kind === 'picture' ? viewerUri(base, 'openseadragon', path, slashSubstitute) : mediaPageUri(base, path, slashSubstitute);
}

/** Of one item; a folder's manifest changes with more than its files. */
function modifiedOf({ folder, files: [{ item }] }: Found): Date | null {
  return folder === null ? item.source.modified : null;
}

function labelOf(deps: ManifestDeps, { path, folder, folderEntry, files: [{ item, entry, telling }] }: Found): LanguageMap {
  if (folder === null && !telling.label) return UNTOLD_LABEL;
  if (folder === null) return pictureLabel(item, entry, deps.titleOf);
  const label = folderLabel(path, folderEntry, deps.title);
  return folder.parts === 1 ? label : rangeLabel(label, folder.first, folder.last);
}

type About = Pick<ManifestInput, 'summary' | 'metadata' | 'requiredStatement' | 'rights' | 'viewingDirection'>;

function folderAbout(entry: CatalogueEntry | null): About {
  return {
    summary: entry?.summary ?? null,
    metadata: entry?.metadata ?? [],
    requiredStatement: entry?.requiredStatement ?? null,
    rights: entry?.rights ?? null,
    viewingDirection: entry?.readingDirection ?? null,
  };
}

/** What is said of a folder about rights and credit holds for an item in it that says nothing else. */
function itemAbout(file: ManifestFile, folderEntry: CatalogueEntry | null): About {
  const about = folderAbout(file.entry);
  const ownRights = file.kind === 'picture' && file.telling.label ? file.pages[0].description.rights : null;
  return {
    ...about,
    requiredStatement: about.requiredStatement ?? folderEntry?.requiredStatement ?? null,
    rights: about.rights ?? ownRights ?? folderEntry?.rights ?? null,
  };
}
