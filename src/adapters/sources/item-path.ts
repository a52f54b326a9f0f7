/** Identifiers as paths in a folder: one strict reading, before the disk is touched. */
const IMAGE_EXTENSIONS = /\.(?:jpe?g|png|tiff?|webp|gif|avif|jp2|j2k|jpf|jpx|j2c|jpc)$/i;

const PAGED_EXTENSIONS = /\.tiff?$/i;

/** Page 1 is the file itself: one picture, one identifier. Six digits are more pages than a file can hold. */
const PAGE = /^(?:[2-9]|[1-9][0-9]{1,5})$/;

/** Control characters; the backslash, a separator elsewhere; U+FFFD, by which Node stands for bytes that are no UTF-8. */
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\\\ufffd]/;

/** No file system takes more. */
const MAX_LENGTH = 4096;

export interface ItemPath {
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
  if (isImageName(name)) return { path: identifier, page: 1 };
  if (!PAGE.test(name) || !PAGED_EXTENSIONS.test(segments.at(-2) ?? '')) return null;
  return { path: segments.slice(0, -1).join('/'), page: Number(name) };
}

/** Null for what cannot be a folder. `''` is the root. */
export function parseFolderPath(folder: string): string | null {
  return folder === '' || parseSegments(folder) !== null ? folder : null;
}

export function isFolderName(name: string): boolean {
  return name !== '' && !name.startsWith('.') && !name.includes('/') && !FORBIDDEN.test(name);
}

export function isImageName(name: string): boolean {
  return isFolderName(name) && IMAGE_EXTENSIONS.test(name);
}

function parseSegments(path: string): readonly string[] | null {
  if (path.length > MAX_LENGTH || !path.isWellFormed()) return null;
  const segments = path.split('/');
  return segments.every(isFolderName) ? segments : null;
}
