import PQueue from 'p-queue';
import type { AccessModel } from '../domain/access.ts';
import { decide } from '../domain/decide.ts';
import type { FolderEntry, SourceDescription } from '../domain/item.ts';
import type { ImageReader, ItemSource } from '../domain/ports.ts';
import type { Visitor } from '../domain/visitor.ts';
import { Failure } from '../lib/problems.ts';
import { accessWords, policyWords } from '../ui/access-words.ts';
import { rootPath } from '../ui/document.ts';
import { type Crumb, type FrontPage, frontPage, type PictureCard } from '../ui/pages/front.ts';
import { noticePage } from '../ui/pages/notice.ts';
import { type Language, preferredLanguage, textsIn } from '../ui/texts.ts';
import type { Handler, HttpRequest, Reply } from './exchange.ts';
import { folderPath, itemUris, viewerPath } from './page-uris.ts';
import { page } from './reply.ts';
import { linksFor } from './visitor-links.ts';

export interface FrontPageDeps {
  readonly items: ItemSource;
  readonly images: ImageReader;
  /** Name of the collection. */
  readonly title: string;
  readonly slashSubstitute: string | null;
  /** The account to try, on the demo. */
  readonly lab: { readonly user: string; readonly password: string } | null;
  access(): AccessModel;
  recognise(request: HttpRequest): Promise<Visitor>;
  now(): Date;
  /** A file that cannot be read: the page says so, and the log says why. */
  onFailure(error: unknown): void;
}

export const ENTRIES_ON_A_PAGE = 48;
/** Files described at once for one page: some formats cost a process or a decoder each. */
const DESCRIBED_AT_ONCE = 8;
/** Pixels; twice what a card shows, for fine screens. */
const THUMBNAIL = { width: 400, height: 300 };

/** `/` and `/browse/*folder`: the pictures and folders of one folder. */
export function createFrontPage(deps: FrontPageDeps): Handler {
  return async (request) => {
    const lang = preferredLanguage(request.header('accept-language'));
    const folder = decodeFolder(request.params['folder'] ?? '');
    const number = parsePageNumber(request.query.get('page'));
    const listing = folder === null ? null : await deps.items.list(folder, offsets(number));
    if (folder === null || listing === null) return missing(request, lang);

    const visitor = await deps.recognise(request);
    const cards = await describeCards(deps, request, listing.entries, visitor, lang);
    const pages = Math.max(1, Math.ceil(listing.total / ENTRIES_ON_A_PAGE));
    if (number > pages) return missing(request, lang);
    const access = deps.access();
    const data: FrontPage = {
      base: request.base,
      lang,
      title: deps.title,
      trail: trailOf(folder, request.base, deps.title),
      folders: listing.entries.flatMap((entry) => (entry.kind === 'folder' ? [folderCrumb(entry.path, entry.name, request.base)] : [])),
      pictures: cards.filter((card) => card !== null),
      total: listing.total,
      unlisted: cards.filter((card) => card === null).length,
      paging: {
        page: number,
        pages,
        previous: number > 1 ? folderPath(request.base, folder, number - 1) : null,
        next: number < pages ? folderPath(request.base, folder, number + 1) : null,
      },
      visitor: linksFor(visitor, access, request),
      enforced: access.enforced,
      lab: deps.lab === null || folder !== '' ? null : { ...deps.lab, locked: lockedParts(access, lang) },
    };
    return page(200, frontPage(data));
  };
}

/** A card for each picture; null for one that nobody may open, of which nothing is told. */
async function describeCards(
  deps: FrontPageDeps,
  request: HttpRequest,
  entries: readonly FolderEntry[],
  visitor: Visitor,
  lang: Language,
): Promise<ReadonlyArray<PictureCard | null>> {
  const queue = new PQueue({ concurrency: DESCRIBED_AT_ONCE });
  const pictures = entries.filter((entry) => entry.kind === 'image');
  return queue.addAll(pictures.map((entry) => () => pictureCard(deps, request, entry, visitor, lang)));
}

async function pictureCard(
  deps: FrontPageDeps,
  request: HttpRequest,
  entry: FolderEntry,
  visitor: Visitor,
  lang: Language,
): Promise<PictureCard | null> {
  const access = deps.access();
  const decision = decide(access, entry.path, visitor, deps.now());
  if (decision.outcome === 'refused') return null;
  const description = await describe(deps, entry.path);
  const uris = itemUris(rootPath(request.base), entry.path, deps.slashSubstitute);
  return {
    name: entry.name,
    access: accessWords(decision, access, lang),
    facts: description,
    thumbnail: decision.outcome === 'allowed' && description !== null ? thumbnailOf(uris.service, description) : null,
    links: {
      openseadragon: viewerPath(request.base, 'openseadragon', entry.path, deps.slashSubstitute),
      mirador: viewerPath(request.base, 'mirador', entry.path, deps.slashSubstitute),
      information: uris.information,
      manifest: uris.manifest,
    },
  };
}

/** Null for a file that cannot be read, or is gone since the folder was listed. One bad file leaves the page standing. */
async function describe(deps: FrontPageDeps, path: string): Promise<SourceDescription | null> {
  try {
    const item = await deps.items.find(path);
    return item === null ? null : await deps.images.describe(item);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    deps.onFailure(error);
    return null;
  }
}

/** The largest size in the box, as `!w,h` gives it. https://iiif.io/api/image/3.0/#42-size */
function thumbnailOf(service: string, { width, height }: SourceDescription): NonNullable<PictureCard['thumbnail']> {
  const scale = Math.min(THUMBNAIL.width / width, THUMBNAIL.height / height, 1);
  return {
    uri: `${service}/full/!${THUMBNAIL.width},${THUMBNAIL.height}/0/default.jpg`,
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

function lockedParts(access: AccessModel, lang: Language): ReadonlyArray<{ items: readonly string[]; how: string }> {
  return access.policies
    .filter(({ allow }) => allow !== 'everyone')
    .map((policy) => ({ items: policy.items, how: policyWords(policy, access, lang) }));
}

function trailOf(folder: string, base: string, title: string): readonly Crumb[] {
  const names = folder === '' ? [] : folder.split('/');
  const below = names.map((name, at) => folderCrumb(names.slice(0, at + 1).join('/'), name, base));
  return [{ name: title, uri: folderPath(base, '') }, ...below];
}

function folderCrumb(path: string, name: string, base: string): Crumb {
  return { name, uri: folderPath(base, path) };
}

/** Null for what is not percent-encoded UTF-8. Whether the folder may be read is for the source to say. */
function decodeFolder(encoded: string): string | null {
  try {
    return encoded.split('/').filter(Boolean).map(decodeURIComponent).join('/');
  } catch {
    return null;
  }
}

function parsePageNumber(text: string | null): number {
  return text !== null && /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 1;
}

function offsets(number: number): { offset: number; limit: number } {
  return { offset: (number - 1) * ENTRIES_ON_A_PAGE, limit: ENTRIES_ON_A_PAGE };
}

function missing(request: HttpRequest, lang: Language): Reply {
  const t = textsIn(lang);
  return page(404, noticePage({ base: request.base, lang, heading: t.folderMissingHeading, text: t.folderMissingText }));
}
