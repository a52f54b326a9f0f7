/** Identifiers as paths in a folder: one strict reading, before the disk is touched. */
import {
  findMediaType,
  findModelPartType,
  findStreamPartType,
  isModelWithParts,
  isPlaylistType,
  type MediaType,
} from '../../domain/media-types.ts';

const PAGED_EXTENSIONS = /\.tiff?$/i;

/** Page 1 is the file itself: one picture, one identifier. Six digits are more pages than a file can hold. */
const PAGE = /^(?:[2-9]|[1-9][0-9]{1,5})$/;

/** Control characters; the backslash, a separator elsewhere; U+FFFD, by which Node stands for bytes that are no UTF-8. */
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\\\ufffd]/;

/** No file system takes more. */
const MAX_LENGTH = 4096;

export interface ItemPath extends MediaType {
  /** Of the file, without a page. */
  readonly path: string;
  /** From 1. */
  readonly page: number;
}

/** Null for what cannot be an item, whatever is on the disk. */
export function parseItemPath(identifier: string): ItemPath | null {
  const segments = parseSegments(identifier);
  const name = segments?.at(-1);
  if (segments === null || name === undefined) return null;
  const type = mediaTypeOfName(name);
  if (type !== null) return { path: identifier, page: 1, ...type };
  const file = segments.at(-2) ?? '';
  const typeOfFile = findMediaType(file);
  if (typeOfFile === null || !PAGE.test(name) || !PAGED_EXTENSIONS.test(file)) return null;
  return { path: segments.slice(0, -1).join('/'), page: Number(name), ...typeOfFile };
}

/** Null for what cannot be a folder. `''` is the root. */
export function parseFolderPath(folder: string): string | null {
  return folder === '' || parseSegments(folder) !== null ? folder : null;
}

export function isFolderName(name: string): boolean {
  return name !== '' && !name.startsWith('.') && !name.includes('/') && !FORBIDDEN.test(name);
}

/** Null for the name of a file that is no item. */
export function mediaTypeOfName(name: string): MediaType | null {
  return isFolderName(name) ? findMediaType(name) : null;
}

export function isPlaylistName(name: string): boolean {
  const type = mediaTypeOfName(name);
  return type !== null && isPlaylistType(type.mediaType);
}

/** The media type of a file that can be part of a stream; null for every other, and for what is no path. */
export function parsePartPath(path: string): string | null {
  return parseSegments(path) === null ? null : findStreamPartType(path);
}

/** The same of a file that can be part of a model. */
export function parseModelPartPath(path: string): string | null {
  return parseSegments(path) === null ? null : findModelPartType(path);
}

export function isModelName(name: string): boolean {
  return isModelWithParts(mediaTypeOfName(name)?.mediaType ?? '');
}

function parseSegments(path: string): readonly string[] | null {
  if (path.length > MAX_LENGTH || !path.isWellFormed()) return null;
  const segments = path.split('/');
  return segments.every(isFolderName) ? segments : null;
}
