import type { AccessModel, Decision } from '../../domain/access.ts';
import { decide } from '../../domain/decide.ts';
import { type Item, pageOf } from '../../domain/item.ts';
import type { Catalogue, GivenManifests, ImageReader, ItemSource } from '../../domain/ports.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { tellingAbout } from '../../domain/when-locked.ts';
import { findItem } from '../../flows/find-item.ts';
import { findSubstitutes, standFor } from '../../flows/find-substitutes.ts';
import type { Seating } from '../../flows/take-seat.ts';
import { chooseTexts } from '../../iiif/auth/language.ts';
import { authUris } from '../../iiif/auth/uris.ts';
import { parseIdentifier, parseImagePath } from '../../iiif/image/parse-path.ts';
import { givenManifestUri } from '../../iiif/presentation/manifest.ts';
import { Failure, isRefusal } from '../../lib/problems.ts';
import { noticePage } from '../../ui/pages/notice.ts';
import { VIEWERS, type Viewer, type ViewerPage, viewerPage } from '../../ui/pages/viewer.ts';
import { type Language, preferredLanguage, textsIn } from '../../ui/texts.ts';
import { canvasOf } from '../iiif/canvas-of.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import { closedNotice } from './closed-notice.ts';
import { folderPath, itemUris, requestLink, viewerPath } from './page-uris.ts';
import { folderLabel, titleFor } from './picture-title.ts';
import { linksFor } from './visitor-links.ts';

export interface ViewerPageDeps {
  readonly items: ItemSource;
  readonly images: Pick<ImageReader, 'describe'>;
  readonly slashSubstitute: string | null;
  readonly catalogue: Catalogue;
  readonly manifests: Pick<GivenManifests, 'find'>;
  /** Name of the whole collection. */
  readonly title: string;
  /** What a picture is called, by its path; null where only its file name is known. */
  titleOf(path: string): string | null;
  access(): AccessModel;
  recognise(request: HttpRequest): Promise<Visitor>;
  now(): Date;
  readonly seating: Pick<Seating, 'seat'>;
}

/** `/view/:viewer/:identifier`, for a picture or a tier of one; in Mirador also for any other item and for a folder, and `/view/mirador` for the root. */
export function createViewerPage(deps: ViewerPageDeps): Handler {
  return async (request) => {
    const lang = preferredLanguage(request.header('accept-language'));
    const viewer = VIEWERS.find((name) => name === request.params['viewer']);
    const encoded = request.params['identifier'] ?? '';
    const item = viewer === undefined || encoded === '' ? null : await findPicture(deps, encoded);
    if (viewer === 'mirador' && item === null) return answerFolder(deps, request, encoded, lang);
    if (viewer === undefined || item === null) return missingPicture(request, lang);
    if (item.kind !== 'image') return viewer === 'mirador' ? answerMedia(deps, request, item, lang) : missingPicture(request, lang);

    const visitor = await deps.seating.seat(await deps.recognise(request), item);
    const access = deps.access();
    const decision = decide(access, item.path, visitor, deps.now(), item.tier);
    const tier =
      decision.outcome === 'allowed' ? null : standFor(decision, await findSubstitutes(deps.items, access, item, visitor, deps.now()));
    if (decision.outcome === 'refused' && tier === null) return closedPicture(request, decision, lang);
    const pages = await countPages(deps, item);
    if (item.page > pages) return missingPicture(request, lang);
    const { base } = request;
    const uris = itemUris(base, item.identifier, deps.slashSubstitute);
    const shown = tier === null ? uris : itemUris(base, tier.identifier, deps.slashSubstitute);
    const file = itemUris(base, pageOf(item, 1).identifier, deps.slashSubstitute);
    const other: Viewer = viewer === 'mirador' ? 'openseadragon' : 'mirador';
    const body = viewerPage({
      base,
      lang,
      viewer,
      title: await titleFor(deps, { path: item.path, page: 1 }, tellingAbout(access, item, visitor, deps.now()), lang),
      infoUri: uris.information,
      probeUri: authUris(base, deps.slashSubstitute).probe(item.identifier),
      manifestUri: file.manifest,
      canvasUri: canvasOf(item, 3, base, deps.slashSubstitute),
      paging: pages === 1 ? null : pagingOf(item, pages, (each) => viewerPath(base, viewer, each.identifier, deps.slashSubstitute)),
      authVersion: request.query.get('auth') === '1' ? 1 : 2,
      roleMissing: decision.reason.code === 'role-missing' || decision.reason.code === 'grant-missing',
      links: {
        folder: folderPath(base, item.path.split('/').slice(0, -1).join('/')),
        otherViewer: viewerPath(base, other, item.identifier, deps.slashSubstitute),
        image: `${shown.service}/full/!1200,1200/0/default.jpg`,
        request: requestLink(base, item, decision),
      },
      visitor: linksFor(visitor, access, request),
    });
    return page(200, body, { 'content-security-policy': viewerPolicy(viewer, request.origin) });
  };
}

/** `/view/manifest/:name`: in Mirador, a manifest that somebody already has. */
export function createManifestPage(deps: ViewerPageDeps): Handler {
  return async (request) => {
    const lang = preferredLanguage(request.header('accept-language'));
    const name = parseIdentifier(request.params['name'] ?? '', deps);
    const stored = isRefusal(name) ? null : await deps.manifests.find(name);
    if (stored === null) return missingPicture(request, lang);
    const title = chooseTexts(stored.label, [lang]).join(' ');
    const manifestUri = givenManifestUri(request.base, stored.name, deps.slashSubstitute);
    return answerManifest(deps, request, lang, { manifestUri, folder: '', title, visitor: await deps.recognise(request) });
  };
}

/** A folder of items in Mirador, which reads its manifest. What the visitor may see of it the manifest says. */
async function answerFolder(deps: ViewerPageDeps, request: HttpRequest, encoded: string, lang: Language): Promise<Reply> {
  const folder = encoded === '' ? '' : parseIdentifier(encoded, { slashSubstitute: deps.slashSubstitute });
  const listing = isRefusal(folder) ? null : await deps.items.list(folder, { offset: 0, limit: 0, only: 'items' });
  if (isRefusal(folder) || listing === null || listing.total === 0) return missingPicture(request, lang);
  const [visitor, entry] = await Promise.all([deps.recognise(request), deps.catalogue.find(folder)]);
  const title = chooseTexts(folderLabel(folder, entry, deps.title), [lang]).join(' ');
  const { manifest } = itemUris(request.base, folder, deps.slashSubstitute);
  return answerManifest(deps, request, lang, { manifestUri: manifest, folder, title, visitor });
}

/** A film, a sound, a document, a model or a text, by its manifest. */
async function answerMedia(deps: ViewerPageDeps, request: HttpRequest, item: Item, lang: Language): Promise<Reply> {
  const visitor = await deps.seating.seat(await deps.recognise(request), item);
  const decision = decide(deps.access(), item.path, visitor, deps.now(), item.tier);
  const substitutes = decision.outcome === 'refused' ? await findSubstitutes(deps.items, deps.access(), item, visitor, deps.now()) : [];
  if (decision.outcome === 'refused' && substitutes.length === 0) return closedPicture(request, decision, lang);
  const folder = item.path.split('/').slice(0, -1).join('/');
  const title = await titleFor(deps, item, tellingAbout(deps.access(), item, visitor, deps.now()), lang);
  const { manifest } = itemUris(request.base, item.identifier, deps.slashSubstitute);
  return answerManifest(deps, request, lang, { manifestUri: manifest, folder, title, visitor });
}

interface ShownManifest {
  readonly manifestUri: string;
  readonly folder: string;
  readonly title: string;
  readonly visitor: Visitor;
}

function answerManifest(deps: ViewerPageDeps, request: HttpRequest, lang: Language, shown: ShownManifest): Reply {
  const { base } = request;
  const body = viewerPage({
    base,
    lang,
    viewer: 'mirador',
    title: shown.title,
    infoUri: null,
    probeUri: null,
    manifestUri: shown.manifestUri,
    canvasUri: null,
    paging: null,
    authVersion: 1,
    roleMissing: false,
    links: { folder: folderPath(base, shown.folder), otherViewer: null, image: null, request: null },
    visitor: linksFor(shown.visitor, deps.access(), request),
  });
  return page(200, body, { 'content-security-policy': viewerPolicy('mirador', request.origin) });
}

/**
 * Viewers open the token service in a frame, and Mirador makes its styles as it runs; nothing else is loosened, and no
 * script but our files runs. `origin` is what published URIs begin with, where the page was reached under another name.
 */
export function viewerPolicy(viewer: Viewer, origin: string): string {
  const style = viewer === 'mirador' ? "'self' 'unsafe-inline'" : "'self'";
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${style}`,
    `img-src 'self' ${origin} data: blob:`,
    `media-src 'self' ${origin}`,
    "font-src 'self'",
    `connect-src 'self' ${origin}`,
    `frame-src 'self' ${origin}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function findPicture(deps: ViewerPageDeps, encoded: string): Promise<Item | null> {
  const parsed = parseImagePath(encoded, 3, { slashSubstitute: deps.slashSubstitute });
  return isRefusal(parsed) || parsed.kind !== 'base' ? null : findItem(deps.items, deps.access(), parsed.identifier);
}

/** Of a file that cannot be read the page may stand: its viewer says what is wrong. */
async function countPages(deps: ViewerPageDeps, item: Item): Promise<number> {
  try {
    return (await deps.images.describe(item)).pages;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return item.page;
  }
}

function pagingOf(item: Item, pages: number, linkTo: (page: Item) => string): NonNullable<ViewerPage['paging']> {
  const { page } = item;
  return {
    page,
    pages,
    previous: page > 1 ? linkTo(pageOf(item, page - 1)) : null,
    next: page < pages ? linkTo(pageOf(item, page + 1)) : null,
  };
}

export function closedPicture(request: HttpRequest, decision: Extract<Decision, { outcome: 'refused' }>, lang: Language): Reply {
  const t = textsIn(lang);
  return closedNotice(request, lang, decision, { heading: t.pictureClosedHeading, text: t.pictureClosedText });
}

export function missingPicture(request: HttpRequest, lang: Language): Reply {
  const t = textsIn(lang);
  return page(404, noticePage({ base: request.base, lang, heading: t.pictureMissingHeading, text: t.pictureMissingText }));
}
