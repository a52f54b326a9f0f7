import type { Tier } from './access.ts';
import type { ItemKind } from './media-types.ts';

/** What an identifier stands for. */
export interface Item {
  /** The `{identifier}` of a IIIF URI, decoded: the path below the image folder, `/` between segments; `book.tif/2` is page 2. */
  readonly identifier: string;
  /** The identifier of the file, without a page: what policies are written about. */
  readonly path: string;
  /** Page within the file, counted from 1. */
  readonly page: number;
  readonly kind: ItemKind;
  /** Without parameters; of a stream that of its playlist. */
  readonly mediaType: string;
  readonly source: Source;
  /** Whether it is there shows only when it is described: it is elsewhere, and nobody has looked. */
  readonly unseen?: boolean;
  /** Present where the identifier stands for a lesser version. */
  readonly tier?: Tier;
  /** Path of the other item whose bytes a tier has, where it has such. `path` is still that of the item it is a tier of. */
  readonly standIn?: string;
}

/** Another page of the same file, or of the same tier; `page` counts from 1. Whether the file has it shows when it is described. */
export function pageOf(item: Item, page: number): Item {
  const identifier = page === 1 ? item.path : `${item.path}/${page}`;
  return { ...item, identifier: item.tier === undefined ? identifier : `${identifier}/~${item.tier.name}`, page };
}

/** The bytes behind an item. */
export interface Source {
  /** Absolute file name, or where in an object store it is, or what its upstream calls it. Private: never in an answer. */
  readonly file: string;
  readonly bytes: number;
  readonly modified: Date;
  /** Changes when the bytes change; part of every cache key and ETag. */
  readonly version: string;
  /** Present where the bytes are not on this machine, but in an object store. */
  readonly remote?: RemoteObject;
}

export interface RemoteObject {
  readonly key: string;
  /** As the store says it, with its quotation marks: of other bytes another one. */
  readonly etag: string;
}

/** What a source holds, read once and kept. Sizes in pixels, after EXIF orientation. */
export interface SourceDescription {
  readonly width: number;
  readonly height: number;
  /** Pages in the file; 1 where the format has none. */
  readonly pages: number;
  /** The tile grid: that of the source where it is tiled, or that of the pyramid which is or will be kept beside it. */
  readonly tile: { readonly width: number; readonly height: number } | null;
  /** Reduced versions, largest first, without the full size: the levels of the pyramid that `tile` belongs to, or of the wavelets. */
  readonly levels: ReadonlyArray<{ readonly width: number; readonly height: number }>;
  /** Whether a part of the source can be read without all of it. */
  readonly byRegion: boolean;
  /** Whether a pyramid is kept beside the source by now, of which answers in formats with loss are made. */
  readonly pyramid: boolean;
  /** Whether any pixel may be transparent. */
  readonly alpha: boolean;
  /** Whether it holds no colour at all. */
  readonly gray: boolean;
  /** A short name of the stored format for people: `JPEG`, `tiled TIFF, 16 bit` … */
  readonly formatName: string;
  /** A rights URI from the file's own metadata, where it has one that the Presentation API accepts. */
  readonly rights: string | null;
}

/** One line of a folder listing. */
export type FolderEntry =
  | { readonly kind: 'folder'; readonly path: string; readonly name: string }
  | { readonly kind: ItemKind; readonly path: string; readonly name: string; readonly bytes: number; readonly modified: Date };

/** A file in a stream, as it is asked for: a playlist, a segment, a key. Or a file that a model names, or the model. */
export interface StreamPart {
  readonly path: string;
  readonly mediaType: string;
  readonly source: Source;
  /** The playlist that stands for the whole stream, or the model: the item. */
  readonly item: Item;
  /** Paths of the other playlists of the stream, or of other models that name the file. */
  readonly otherPlaylists: readonly string[];
}

/** What a sound, a film or a document says of itself; null where it does not. */
export interface MediaDescription {
  readonly seconds: number | null;
  /** Of a film, in pixels, as it is shown. */
  readonly size: { readonly width: number; readonly height: number } | null;
}
