import PQueue from 'p-queue';
import type { AccessModel, Tier } from '../../domain/access.ts';
import { decide } from '../../domain/decide.ts';
import type { Item, SourceDescription } from '../../domain/item.ts';
import { mayBeListed } from '../../domain/may-be-listed.ts';
import type { Catalogue, ImageReader, ItemSource, MediaFiles } from '../../domain/ports.ts';
import { describeTier } from '../../domain/tier.ts';
import type { Visitor } from '../../domain/visitor.ts';
import { tellingOf } from '../../domain/when-locked.ts';
import { findTier } from '../../flows/find-item.ts';
import { bestOpened, findSubstitutes, hasStandIn } from '../../flows/find-substitutes.ts';
import type { PictureEntry } from '../../flows/gather-pictures.ts';
import { Failure } from '../../lib/problems.ts';
import { accessWords } from '../../ui/access-words.ts';
import { rootPath } from '../../ui/document.ts';
import type { MediaKind } from '../../ui/media-facts.ts';
import type { ItemCard, MediaCard, PictureCard } from '../../ui/pages/front.ts';
import { isStream, mediaFactsOf, toldFacts } from '../media/media-facts.ts';
import { mediaUri } from '../media/media-uri.ts';
import type { HttpRequest } from '../server/exchange.ts';
import { itemUris, mediaPagePath, viewerPath } from './page-uris.ts';
import { titleFor } from './picture-title.ts';

export interface PictureCardDeps {
  readonly items: ItemSource;
  readonly images: ImageReader;
  readonly files: Pick<MediaFiles, 'describe'>;
  readonly catalogue: Pick<Catalogue, 'find'>;
  readonly slashSubstitute: string | null;
  /** What a picture is called, by its path; null where only its file name is known. */
  titleOf(path: string): string | null;
  access(): AccessModel;
  now(): Date;
  /** A file that cannot be read: the page says so, and the log says why. */
  onFailure(error: unknown): void;
}

/** For whom, and in which language. */
export interface CardReader {
  readonly visitor: Visitor;
  readonly lang: string;
  readonly base: HttpRequest['base'];
}

export interface CardMaker {
  /** False for a picture that nobody may open, of which nothing is told, unless a tier stands for it. */
  mayBeShown(path: string): Promise<boolean>;
  /** 0 for a picture that the visitor may see; else the number of the policy that locks it. */
  lockOf(path: string): number;
  /** `folder` is the one that the page or the section is about: the file is named from there on. */
  make(entries: readonly PictureEntry[], folder: string): Promise<readonly ItemCard[]>;
}

/** Files described at once for one page: some formats cost a process or a decoder each. */
const DESCRIBED_AT_ONCE = 8;
/** Pixels; twice what a card shows, for fine screens. */
const THUMBNAIL = { width: 400, height: 300 };

/** Makes the cards of one page. */
export function createCardMaker(deps: PictureCardDeps, reader: CardReader): CardMaker {
  const queue = new PQueue({ concurrency: DESCRIBED_AT_ONCE });
  const access = deps.access();
  const judge = (path: string) => decide(access, path, reader.visitor, deps.now());

  const isAllowed = (path: string) => judge(path).outcome === 'allowed';

  /** The item, and the tier that the reader sees instead. */
  async function find(path: string): Promise<{ readonly item: Item | null; readonly tier: Item | null }> {
    const item = await orNull(deps, () => deps.items.find(path));
    if (item === null || isAllowed(path)) return { item, tier: null };
    const substitutes = await orNull(deps, () => findSubstitutes(deps.items, access, item, reader.visitor, deps.now()));
    return { item, tier: bestOpened(substitutes ?? []) };
  }

  async function heading(path: string, folder: string, tier: Tier | undefined): Promise<Pick<ItemCard, 'name' | 'file' | 'access'>> {
    const file = folder === '' ? path : path.slice(folder.length + 1);
    const telling = tellingOf(judge(path));
    const name = await titleFor(deps, { path, page: 1 }, telling, reader.lang);
    return {
      name,
      file: file === name || !telling.label ? null : file,
      access: accessWords(judge(path), { access, lang: reader.lang, now: deps.now() }, tier),
    };
  }

  async function mediaCard({ path, kind, bytes }: MediaEntry, folder: string): Promise<MediaCard> {
    const { item, tier } = await find(path);
    const facts = item === null ? { kind, seconds: null, size: null, bytes } : await mediaFactsOf(deps.files, item, kind);
    return {
      ...(await heading(path, folder, tier?.tier)),
      media: toldFacts(facts, tellingOf(judge(path)).dimensions),
      links: {
        page: mediaPagePath(reader.base, path, deps.slashSubstitute),
        manifest: itemUris(rootPath(reader.base), path, deps.slashSubstitute).manifest,
        file: mediaUri(rootPath(reader.base), { identifier: path, isStream: isStream(path) }, deps.slashSubstitute),
      },
    };
  }

  async function pictureCard({ path }: PictureEntry, folder: string): Promise<PictureCard> {
    const { item, tier } = await find(path);
    const description = await describe(deps, item);
    const telling = tellingOf(judge(path));
    const { thumbnail: least } = telling;
    const small = item === null || least === null ? null : await orNull(deps, () => findTier(deps.items, item, least));
    const uris = itemUris(rootPath(reader.base), path, deps.slashSubstitute);
    return {
      ...(await heading(path, folder, tier?.tier)),
      facts: description === null || telling.dimensions ? description : 'untold',
      thumbnail: await thumbnail(item, description, tier ?? small),
      links: {
        openseadragon: viewerPath(reader.base, 'openseadragon', path, deps.slashSubstitute),
        mirador: viewerPath(reader.base, 'mirador', path, deps.slashSubstitute),
        information: uris.information,
        manifest: uris.manifest,
      },
    };
  }

  async function thumbnail(item: Item | null, description: SourceDescription | null, tier: Item | null): Promise<PictureCard['thumbnail']> {
    const [shown, whole] =
      tier === null ? [item !== null && isAllowed(item.path) ? item : null, description] : [tier, await describe(deps, tier)];
    if (shown === null || whole === null) return null;
    const { service } = itemUris(rootPath(reader.base), shown.identifier, deps.slashSubstitute);
    return thumbnailOf(service, describeTier(whole, shown.tier));
  }

  return {
    async mayBeShown(path) {
      if (mayBeListed(judge(path))) return true;
      return (await orNull(deps, () => hasStandIn(deps.items, access, path, reader.visitor, deps.now()))) === true;
    },
    lockOf(path) {
      const { outcome, policy } = judge(path);
      return outcome === 'allowed' ? 0 : (policy?.number ?? Number.POSITIVE_INFINITY);
    },
    async make(entries, folder) {
      const makeCard = (entry: PictureEntry): Promise<ItemCard> => (isMedia(entry) ? mediaCard(entry, folder) : pictureCard(entry, folder));
      return queue.addAll(entries.map((entry) => () => makeCard(entry)));
    },
  };
}

type MediaEntry = PictureEntry & { readonly kind: MediaKind };

function isMedia(entry: PictureEntry): entry is MediaEntry {
  return entry.kind !== 'image';
}

/** Null for a file that cannot be read, or is gone since the folder was listed. */
async function describe(deps: PictureCardDeps, item: Item | null): Promise<SourceDescription | null> {
  return item === null ? null : orNull(deps, () => deps.images.describe(item));
}

/** Null for what the disk does not give. One bad file leaves the page standing. */
async function orNull<T>(deps: PictureCardDeps, look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
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
