import type { FolderEntry } from '../../domain/item.ts';
import { rulesInForce } from '../../domain/period.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { type GatheredPictures, gatherPictures } from '../../flows/gather-pictures.ts';
import { chooseTexts } from '../../iiif/auth/language.ts';
import { collectionUri } from '../../iiif/presentation/manifest.ts';
import { Failure } from '../../lib/problems.ts';
import { policyWords } from '../../ui/access-words.ts';
import { rootPath } from '../../ui/document.ts';
import { type Crumb, frontPage, type PictureSection } from '../../ui/pages/front.ts';
import { noticePage } from '../../ui/pages/notice.ts';
import { type Language, preferredLanguage, textsIn } from '../../ui/texts.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import { folderPath, itemUris, viewerPath } from './page-uris.ts';
import { type CardMaker, createCardMaker, type PictureCardDeps } from './picture-cards.ts';
import { folderLabel } from './picture-title.ts';
import { linksFor } from './visitor-links.ts';

export interface FrontPageDeps extends PictureCardDeps {
  /** Name of the collection. */
  readonly title: string;
  /** The account to try, on the demo. */
  readonly lab: { readonly user: string; readonly password: string } | null;
  /** Where the cases for people who write viewers are, which have a page of their own; null without them. */
  readonly labFolder: string | null;
  recognise(request: HttpRequest): Promise<Visitor>;
}

export const ENTRIES_ON_A_PAGE = 48;
/** Each is a thumbnail to make and to send. */
export const PICTURES_ON_A_PAGE = 96;
/** The folder's own listing among them: what a page may cost on a tree of any size. */
export const LISTINGS_A_PAGE = 60;
const PICTURES_OF_A_SECTION = 24;
/** With fewer a section tells no more than a link; folders beyond get one. */
const LEAST_PICTURES_OF_A_SECTION = 4;

/** `/` and `/browse/*folder`: the pictures of one folder, and the first ones below each of its subfolders. */
export function createFrontPage(deps: FrontPageDeps): Handler {
  return async (request) => {
    const lang = preferredLanguage(request.header('accept-language'));
    const folder = decodeFolder(request.params['folder'] ?? '');
    const number = parsePageNumber(request.query.get('page'));
    const listing = folder === null ? null : await deps.items.list(folder, offsets(number));
    if (folder === null || listing === null) return missing(request, lang);
    const pages = Math.max(1, Math.ceil(listing.total / ENTRIES_ON_A_PAGE));
    if (number > pages) return missing(request, lang);

    const visitor = await deps.recognise(request);
    const cards = createCardMaker(deps, { visitor, lang, base: request.base });
    const entries = listing.entries.filter(({ path }) => path !== deps.labFolder);
    const images = entries.filter((entry) => entry.kind !== 'folder');
    const mayBeShown = await Promise.all(images.map(({ path }) => cards.mayBeShown(path)));
    const shown = images.filter((_, at) => mayBeShown[at]);
    const pictures = await cards.make(shown, folder);
    const below = await sectionsOf(deps, entries, PICTURES_ON_A_PAGE - shown.length, cards, { base: request.base, lang });
    const access = deps.access();
    const body = frontPage({
      base: request.base,
      lang,
      title: deps.title,
      trail: await trailOf(deps, folder, { base: request.base, lang }),
      pictures,
      sections: below.sections,
      folders: below.folders,
      total: listing.total,
      complete: below.complete && pages === 1,
      unlisted: images.length - shown.length + below.hidden,
      paging: {
        page: number,
        pages,
        previous: number > 1 ? folderPath(request.base, folder, number - 1) : null,
        next: number < pages ? folderPath(request.base, folder, number + 1) : null,
      },
      documents: documentsOf(deps, folder, request.base, shown.length > 0),
      visitor: linksFor(visitor, access, request),
      enforced: access.enforced,
      lab: deps.lab === null || folder !== '' ? null : { ...deps.lab, locked: lockedParts(deps, lang) },
      labPage: deps.labFolder === null || folder !== '' ? null : `${rootPath(request.base)}/lab`,
    });
    return page(200, body);
  };
}

interface BelowFolder {
  readonly sections: readonly PictureSection[];
  /** Folders that get a link only: nothing to show was found in them, or no room was left. */
  readonly folders: readonly Crumb[];
  readonly hidden: number;
  /** Whether every picture below is on the page. */
  readonly complete: boolean;
}

async function sectionsOf(
  deps: FrontPageDeps,
  entries: readonly FolderEntry[],
  room: number,
  cards: CardMaker,
  reader: FolderReader,
): Promise<BelowFolder> {
  const folders = entries.filter((entry) => entry.kind === 'folder');
  const walked = folders.slice(0, Math.floor(room / LEAST_PICTURES_OF_A_SECTION));
  const limits = {
    listings: LISTINGS_A_PAGE - 1,
    entries: PICTURES_OF_A_SECTION,
    picturesOfAFolder: PICTURES_OF_A_SECTION,
    pictures: room,
  };
  const paths = walked.map(({ path }) => path);
  const gathered = await gatherPictures(deps.items, paths, limits, cards.mayBeShown, (error) => notReadable(deps, error));
  const found = new Map(gathered.filter(({ pictures }) => pictures.length > 0).map((each) => [each.folder, each]));
  const section = async ({ folder, pictures, complete }: GatheredPictures): Promise<PictureSection> => ({
    ...(await folderCrumb(deps, folder, reader)),
    pictures: await cards.make(pictures, folder),
    complete,
  });
  return {
    sections: await Promise.all(openFirst([...found.values()], cards).map(section)),
    folders: await Promise.all(folders.filter(({ path }) => !found.has(path)).map(({ path }) => folderCrumb(deps, path, reader))),
    hidden: gathered.reduce((sum, { hidden }) => sum + hidden, 0),
    complete: walked.length === folders.length && gathered.every(({ complete }) => complete),
  };
}

/** What a visitor may see at once comes before what has to be unlocked, and that in the order of the access file. */
function openFirst(gathered: readonly GatheredPictures[], cards: CardMaker): readonly GatheredPictures[] {
  const place = ({ pictures }: GatheredPictures) => Math.min(...pictures.map(({ path }) => cards.lockOf(path)));
  return gathered.toSorted((a, b) => place(a) - place(b));
}

function documentsOf(deps: FrontPageDeps, folder: string, base: string, hasItems: boolean) {
  const { slashSubstitute } = deps;
  return {
    manifest: hasItems ? itemUris(rootPath(base), folder, slashSubstitute).manifest : null,
    mirador: hasItems ? viewerPath(base, 'mirador', folder, slashSubstitute) : null,
    collection: collectionUri(rootPath(base), 3, folder, slashSubstitute),
  };
}

/** A folder that the disk does not give leaves the page standing; anything else is a fault of ours. */
function notReadable(deps: FrontPageDeps, error: unknown): void {
  if (!(error instanceof Failure)) throw error;
  deps.onFailure(error);
}

function lockedParts(deps: FrontPageDeps, lang: Language): ReadonlyArray<{ items: readonly string[]; how: string }> {
  const { labFolder } = deps;
  const access = deps.access();
  const now = deps.now();
  return access.policies
    .filter((policy) => rulesInForce(policy, now) !== 'everyone')
    .filter(({ items }) => labFolder === null || !items.every((pattern) => pattern.startsWith(`${labFolder}/`)))
    .map((policy) => ({ items: policy.items, how: policyWords(policy, access, lang, now) }));
}

interface FolderReader {
  readonly base: string;
  readonly lang: Language;
}

/** From the root, which bears the name of the whole collection on every page, to the folder. */
async function trailOf(deps: FrontPageDeps, folder: string, reader: FolderReader): Promise<readonly Crumb[]> {
  const names = folder === '' ? [] : folder.split('/');
  const below = await Promise.all(names.map((_, at) => folderCrumb(deps, names.slice(0, at + 1).join('/'), reader)));
  return [{ name: deps.title, uri: folderPath(reader.base, '') }, ...below];
}

async function folderCrumb({ catalogue, title }: FrontPageDeps, path: string, { base, lang }: FolderReader): Promise<Crumb> {
  const label = folderLabel(path, await catalogue.find(path), title);
  return { name: chooseTexts(label, [lang]).join(' '), uri: folderPath(base, path) };
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
