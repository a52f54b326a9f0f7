/**
 * The lab: its page, a page for each case, and the cases for programs. `docs/reference/lab.md` describes the documents.
 */
import type { AccessModel } from '../../domain/access.ts';
import { decide } from '../../domain/decide.ts';
import type { LabCase, LabItem } from '../../domain/lab-case.ts';
import { findMediaType } from '../../domain/media-types.ts';
import type { ItemSource } from '../../domain/ports.ts';
import { parseTierIdentifier } from '../../domain/tier.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { findItem } from '../../flows/find-item.ts';
import { bestOpened, findSubstitutes } from '../../flows/find-substitutes.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { parseAcceptLanguage } from '../../lib/accept-language.ts';
import { refuse } from '../../lib/problems.ts';
import { accessWords } from '../../ui/access-words.ts';
import { rootPath } from '../../ui/document.ts';
import { labPage } from '../../ui/pages/lab.ts';
import { type LabAccount, type LabItemLinks, labCasePage } from '../../ui/pages/lab-case.ts';
import { noticePage } from '../../ui/pages/notice.ts';
import { isStream } from '../media/media-facts.ts';
import { mediaUri } from '../media/media-uri.ts';
import { itemUris, manifestPagePath, mediaPagePath, viewerPath } from '../pages/page-uris.ts';
import { linksFor } from '../pages/visitor-links.ts';
import type { Handler, HttpRequest } from '../server/exchange.ts';
import { json, page, problem } from '../server/reply.ts';
import { caseDocument } from './lab-documents.ts';
import { listSources } from './lab-sources.ts';

export interface LabDeps {
  readonly cases: readonly LabCase[];
  /** Names of the lab's people, and the password where this page may tell it. */
  readonly accounts: readonly LabAccount[];
  /** Manifests that no other part of the server makes, by the case; each for what its URIs begin with. */
  readonly documents: ReadonlyMap<string, (base: string) => object>;
  readonly items: Pick<ItemSource, 'find'>;
  readonly slashSubstitute: string | null;
  access(): AccessModel;
  recognise(request: HttpRequest): Promise<Visitor>;
  now(): Date;
}

export interface LabHandlers {
  readonly lab: Handler;
  readonly labCase: Handler;
  readonly labCases: Handler;
  readonly labSources: Handler;
  readonly labManifest: Handler;
}

export function createLab(deps: LabDeps): LabHandlers {
  return {
    lab: (request) => showLab(deps, request),
    labCase: (request) => showCase(deps, request),
    labCases: async (request) => json(200, casesDocument(deps, request.base), { 'cache-control': 'no-cache' }),
    labManifest: async ({ params, base }) => {
      const write = deps.documents.get(params['case'] ?? '');
      return write === undefined ? problem(NO_MANIFEST) : json(200, write(base), { 'cache-control': 'no-cache' });
    },
    labSources: async (request) => {
      const preferences = parseAcceptLanguage(request.header('accept-language'));
      const place = { base: request.base, slashSubstitute: deps.slashSubstitute, preferences, now: deps.now() };
      const sources = listSources(deps.cases, deps.access(), place);
      return json(200, sources, { 'cache-control': 'no-cache', vary: 'Accept-Language' });
    },
  };
}

async function showLab(deps: LabDeps, request: HttpRequest) {
  const visitor = await deps.recognise(request);
  const { base } = request;
  const body = labPage({
    base,
    lang: LANGUAGE,
    cases: deps.cases,
    accounts: deps.accounts,
    visitor: linksFor(visitor, deps.access(), request),
  });
  return page(200, body);
}

const NO_MANIFEST = refuse('not-found', 'This case has no manifest of its own here.');
/** What is written for programmers is in English only. */
const LANGUAGE = 'en';

async function showCase(deps: LabDeps, request: HttpRequest) {
  const at = deps.cases.findIndex(({ id }) => id === request.params['case']);
  const shown = deps.cases[at];
  if (shown === undefined) return missing(request);
  const visitor = await deps.recognise(request);
  const access = deps.access();
  const { base } = request;
  const body = labCasePage({
    base,
    lang: LANGUAGE,
    shown,
    items: await Promise.all(
      shown.items.map(async (item) => ({ item, access: await accessOf(deps, item, visitor), links: linksOf(deps, item, base) })),
    ),
    documents: documentsOf(deps, shown, base),
    accounts: deps.accounts,
    previous: deps.cases[at - 1] ?? null,
    next: deps.cases[at + 1] ?? null,
    tokenServices: authUris(rootPath(base)),
    visitor: linksFor(visitor, access, request),
  });
  return page(200, body);
}

/** The decision of this moment, in words. */
async function accessOf(deps: LabDeps, { path }: LabItem, visitor: Visitor) {
  const access = deps.access();
  const item = await findItem(deps.items, access, path);
  const decision = decide(access, item?.path ?? path, visitor, deps.now(), item?.tier);
  const isWhole = item !== null && item.tier === undefined && decision.outcome !== 'allowed';
  const lesser = isWhole ? bestOpened(await findSubstitutes(deps.items, access, item, visitor, deps.now())) : null;
  return accessWords(decision, { access, lang: LANGUAGE, now: deps.now() }, lesser?.tier);
}

function linksOf({ slashSubstitute }: LabDeps, { path }: LabItem, base: string): LabItemLinks {
  const root = rootPath(base);
  const probe = authUris(root, slashSubstitute).probe(path);
  const { identifier, tier } = parseTierIdentifier(path);
  const isImage = findMediaType(identifier)?.kind === 'image';
  if (!isImage) {
    const file = mediaUri(root, { identifier: path, isStream: isStream(path) }, slashSubstitute);
    return {
      probe,
      documents: [{ label: 'File', uri: file }],
      viewers: [{ label: 'Its page here', uri: mediaPagePath(base, path, slashSubstitute) }],
    };
  }
  const { information, service } = itemUris(root, path, slashSubstitute);
  const documents = [
    { label: 'info.json, Image API 3.0', uri: information },
    { label: 'info.json, Image API 2.1', uri: `${service.replace('/iiif/3/', '/iiif/2/')}/info.json` },
  ];
  if (tier !== null) return { probe, documents, viewers: [] };
  const viewers = [
    { label: 'OpenSeadragon', uri: viewerPath(base, 'openseadragon', path, slashSubstitute) },
    { label: 'OpenSeadragon, Auth 1.0', uri: `${viewerPath(base, 'openseadragon', path, slashSubstitute)}?auth=1` },
    { label: 'Mirador', uri: viewerPath(base, 'mirador', path, slashSubstitute) },
  ];
  return { probe, documents, viewers };
}

function documentsOf(deps: LabDeps, shown: LabCase, base: string) {
  const { manifests } = caseDocument(shown, deps.access(), { base: rootPath(base), slashSubstitute: deps.slashSubstitute });
  if (manifests === null) return null;
  return { ...manifests, mirador: miradorPath(deps, shown, base) };
}

/** Null where there are no pictures in it, or it is in no folder of manifests. */
function miradorPath({ slashSubstitute }: LabDeps, { items, manifest }: LabCase, base: string): string | null {
  if (!items.some(({ path }) => findMediaType(path)?.kind === 'image')) return null;
  if (manifest?.kind === 'made') return viewerPath(base, 'mirador', manifest.path, slashSubstitute);
  return manifest?.kind === 'given' ? manifestPagePath(base, `${manifest.name}-3`, slashSubstitute) : null;
}

function casesDocument(deps: LabDeps, base: string): object {
  const place = { base, slashSubstitute: deps.slashSubstitute };
  return {
    signIn: `${base}/sign-in`,
    collections: { '2.1': `${base}/presentation/2/lab/collection`, '3.0': `${base}/presentation/3/lab/collection` },
    accounts: deps.accounts,
    cases: deps.cases.map((each) => caseDocument(each, deps.access(), place)),
  };
}

function missing({ base }: HttpRequest) {
  return page(
    404,
    noticePage({ base, lang: LANGUAGE, heading: 'No such case', text: 'The lab has no case with this name. The list of all is at /lab.' }),
  );
}
