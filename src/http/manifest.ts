/**
 * A manifest for each picture, with a canvas for each of its pages, and for each folder that holds pictures.
 * https://iiif.io/api/presentation/3.0/#52-manifest and https://iiif.io/api/presentation/2.1/#manifest
 */
import type { CatalogueEntry } from '../domain/catalogue.ts';
import type { Visitor } from '../domain/visitor.ts';
import type { DescribedPage } from '../flows/describe-pages.ts';
import { type ManifestFile, type ManifestFlowDeps, type ManifestOutcome, serveManifest } from '../flows/serve-manifest.ts';
import { authUris } from '../iiif/auth/uris.ts';
import { parseIdentifier } from '../iiif/image/parse-path.ts';
import { effectiveLimits, type ImageLimits } from '../iiif/image/plan.ts';
import { largestUnscaled } from '../iiif/image/plan-size.ts';
import { imageServiceUri } from '../iiif/image/service-uri.ts';
import { canvasUri, collectionUri, type ImageManifestInput, type ManifestPage, manifestUri } from '../iiif/presentation/image-manifest.ts';
import { imageManifest2 } from '../iiif/presentation/image-manifest-2.ts';
import { imageManifest3 } from '../iiif/presentation/image-manifest-3.ts';
import type { LanguageMap } from '../lib/language-map.ts';
import { isRefusal, refuse } from '../lib/problems.ts';
import type { Handler, HttpRequest } from './exchange.ts';
import { folderPageUri, viewerUri } from './page-uris.ts';
import { folderLabel, pictureLabel, rangeLabel } from './picture-title.ts';
import { presentationReply } from './presentation-reply.ts';
import { problem } from './reply.ts';

export interface ManifestDeps extends ManifestFlowDeps {
  readonly slashSubstitute: string | null;
  /** Name of the whole collection. */
  readonly title: string;
  /** What a picture is called, by its path; null where only its file name is known. */
  titleOf(path: string): string | null;
  recognise(request: HttpRequest, purpose: 'information'): Promise<Visitor>;
  readonly limits: ImageLimits;
  /** Short text of a document, for its ETag. */
  digest(text: string): string;
}

/** What the documents of one request have in common. */
interface Place {
  readonly version: 2 | 3;
  readonly base: string;
}

const BUILD = { 2: imageManifest2, 3: imageManifest3 } as const;
const NO_MANIFEST = refuse('not-found', 'There is no image and no folder of images with this identifier.');

/**
 * `/presentation/{version}/:identifier/manifest`, for folders of many pictures `…/manifest/:part`; the root has no identifier.
 * Who may not see a picture yet gets its manifest too: it leads to the access services.
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
    if (outcome.kind === 'refused') return problem(refuse('access.refused', 'This item is not open to anyone.'));
    const input = inputOf(deps, request, { version, base: request.base }, outcome);
    return presentationReply(deps, request, version, BUILD[version](input), { visitor, open: outcome.open, modified: modifiedOf(outcome) });
  };
}

/** The first part has the plain address only: one document, one address. */
export function parsePart(text: string | undefined): number | null {
  if (text === undefined) return 1;
  return /^(?:[2-9]|[1-9]\d{1,5})$/.test(text) ? Number(text) : null;
}

type Found = Extract<ManifestOutcome, { kind: 'manifest' }>;

function inputOf(deps: ManifestDeps, request: HttpRequest, place: Place, outcome: Found): ImageManifestInput {
  const { path, folder, folderEntry, files } = outcome;
  const { version, base } = place;
  const [first] = files;
  const about = folder === null ? pictureAbout(first, folderEntry) : folderAbout(folderEntry);
  const [page, ...pages] = files.flatMap((file) => pagesOf(deps, place, file, outcome, about.rights));
  if (page === undefined) throw new RangeError('a manifest without a page');
  const holder = folder === null ? first.item.path.split('/').slice(0, -1).join('/') : path;
  return {
    ...about,
    id: manifestUri(base, version, path, deps.slashSubstitute, folder?.part),
    label: labelOf(deps, outcome),
    pages: [page, ...pages],
    partOf: {
      id: collectionUri(base, version, holder, deps.slashSubstitute),
      label: folderLabel(holder, folderEntry, deps.title),
    },
    homepage: {
      id: folder === null ? viewerUri(base, 'openseadragon', path, deps.slashSubstitute) : folderPageUri(base, path),
      label: { none: [deps.title] },
    },
    uris: authUris(base, deps.slashSubstitute),
    acceptLanguage: request.header('accept-language'),
  };
}

/** Of a picture; a folder's manifest changes with more than its files. */
function modifiedOf({ folder, files: [{ item }] }: Found): Date | null {
  return folder === null ? item.source.modified : null;
}

function labelOf(deps: ManifestDeps, { path, folder, folderEntry, files: [{ item, entry }] }: Found): LanguageMap {
  if (folder === null) return pictureLabel(item, entry, deps.titleOf);
  const label = folderLabel(path, folderEntry, deps.title);
  return folder.parts === 1 ? label : rangeLabel(label, folder.first, folder.last);
}

type About = Pick<ImageManifestInput, 'summary' | 'metadata' | 'requiredStatement' | 'rights' | 'viewingDirection'>;

function folderAbout(entry: CatalogueEntry | null): About {
  return {
    summary: entry?.summary ?? null,
    metadata: entry?.metadata ?? [],
    requiredStatement: entry?.requiredStatement ?? null,
    rights: entry?.rights ?? null,
    viewingDirection: entry?.readingDirection ?? null,
  };
}

/** What is said of a folder about rights and credit holds for a picture in it that says nothing else. */
function pictureAbout({ entry, pages: [{ description }] }: ManifestFile, folderEntry: CatalogueEntry | null): About {
  const about = folderAbout(entry);
  return {
    ...about,
    requiredStatement: about.requiredStatement ?? folderEntry?.requiredStatement ?? null,
    rights: about.rights ?? description.rights ?? folderEntry?.rights ?? null,
  };
}

function pagesOf(deps: ManifestDeps, place: Place, file: ManifestFile, outcome: Found, rights: string | null): readonly ManifestPage[] {
  const { entry, services, pages } = file;
  const ofFolder = outcome.folder !== null;
  const own = entry?.rights ?? pages[0].description.rights;
  return pages.map((page) => ({
    ...pageParts(deps, place, page),
    label: !ofFolder && pages.length > 1 ? { none: [String(page.item.page)] } : pictureLabel(page.item, entry, deps.titleOf),
    metadata: ofFolder ? (entry?.metadata ?? []) : [],
    requiredStatement: ofFolder ? (entry?.requiredStatement ?? null) : null,
    rights: ofFolder && own !== rights ? own : null,
    accessServices: services,
  }));
}

function pageParts(
  { slashSubstitute, limits }: ManifestDeps,
  { version, base }: Place,
  { item, description }: DescribedPage,
): Pick<ManifestPage, 'id' | 'identifier' | 'width' | 'height' | 'largest' | 'imageServices'> {
  const { identifier } = item;
  const { width, height } = description;
  const service = (of: 2 | 3) => imageServiceUri(base, of, identifier, slashSubstitute);
  return {
    id:
      item.tier === undefined
        ? canvasUri(base, version, item.path, slashSubstitute, item.page)
        : canvasUri(base, version, identifier, slashSubstitute, 1),
    identifier,
    width,
    height,
    largest: largestUnscaled({ width, height }, effectiveLimits(limits, { width, height })),
    imageServices: { 2: service(2), 3: service(3) },
  };
}
