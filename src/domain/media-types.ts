/**
 * Kinds of items and their media types, by the ending of the file name: what has none of these endings is no item.
 * Registered types: https://www.iana.org/assignments/media-types/
 */
export type ItemKind = 'image' | 'film' | 'sound' | 'document' | 'model' | 'text';

export interface MediaType {
  readonly kind: ItemKind;
  /** Without parameters. */
  readonly mediaType: string;
}

const DASH = 'application/dash+xml';
const HLS = 'application/vnd.apple.mpegurl';
const GLTF = 'model/gltf+json';

const ENDINGS: Readonly<Record<ItemKind, Readonly<Record<string, string>>>> = {
  image: {
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    png: 'image/png',
    tif: 'image/tiff',
    tiff: 'image/tiff',
    webp: 'image/webp',
    gif: 'image/gif',
    avif: 'image/avif',
    jp2: 'image/jp2',
    jpf: 'image/jpx',
    jpx: 'image/jpx',
    j2k: 'image/j2c',
    j2c: 'image/j2c',
    jpc: 'image/j2c',
  },
  film: {
    mp4: 'video/mp4',
    m4v: 'video/mp4',
    mov: 'video/quicktime',
    webm: 'video/webm',
    ogv: 'video/ogg',
    mpd: DASH,
    m3u8: HLS,
  },
  sound: {
    mp3: 'audio/mpeg',
    m4a: 'audio/mp4',
    aac: 'audio/aac',
    ogg: 'audio/ogg',
    oga: 'audio/ogg',
    opus: 'audio/ogg',
    weba: 'audio/webm',
    wav: 'audio/wav',
    flac: 'audio/flac',
  },
  document: { pdf: 'application/pdf', epub: 'application/epub+zip' },
  model: { glb: 'model/gltf-binary', gltf: GLTF },
  // A page of somebody else's must not run as ours, so its source is shown.
  text: {
    txt: 'text/plain',
    html: 'text/plain',
    htm: 'text/plain',
    srt: 'text/plain',
    vtt: 'text/vtt',
    xml: 'application/xml',
    json: 'application/json',
  },
};

const BY_ENDING: ReadonlyMap<string, MediaType> = new Map(
  Object.entries(ENDINGS).flatMap(([kind, types]) =>
    Object.entries(types).map(([ending, mediaType]): [string, MediaType] => [ending, { kind: kind as ItemKind, mediaType }]),
  ),
);

/** Of the names of items, in lower case. */
export const KNOWN_ENDINGS: readonly string[] = [...BY_ENDING.keys()];

/** What only a stream consists of, besides files that are items by themselves. */
const PART_ENDINGS: ReadonlyMap<string, string> = new Map([
  ['m4s', 'video/iso.segment'],
  ['ts', 'video/mp2t'],
  ['cmfv', 'video/mp4'],
  ['cmfa', 'audio/mp4'],
  ['cmft', 'application/mp4'],
  ['key', 'application/octet-stream'],
]);

/** What only a model consists of, besides pictures. https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html#uris */
const MODEL_PART_ENDINGS: ReadonlyMap<string, string> = new Map([
  ['bin', 'application/octet-stream'],
  ['ktx2', 'image/ktx2'],
]);

/** Null for a file that is no item, whatever it holds. `path` or name; the case of the ending does not matter. */
export function findMediaType(path: string): MediaType | null {
  return BY_ENDING.get(endingOf(path)) ?? null;
}

/** Of a file that can be part of a stream: a segment, or any film, sound or text. Null for every other. */
export function findStreamPartType(path: string): string | null {
  const item = findMediaType(path);
  if (item === null) return PART_ENDINGS.get(endingOf(path)) ?? null;
  return belongsToStreams(item.kind) ? item.mediaType : null;
}

/** Of a file that can be part of a model: the model itself, a buffer, a texture. Null for every other. */
export function findModelPartType(path: string): string | null {
  const item = findMediaType(path);
  if (item === null) return MODEL_PART_ENDINGS.get(endingOf(path)) ?? null;
  return item.mediaType === GLTF || item.kind === 'image' ? item.mediaType : null;
}

/** Whether files of this kind in the folder of a stream are parts of it, and no items by themselves. */
export function belongsToStreams(kind: ItemKind | undefined): boolean {
  return kind === 'film' || kind === 'sound' || kind === 'text';
}

/** Whether a media type is that of a playlist: the item is a stream, and its bytes are in other files. */
export function isPlaylistType(mediaType: string): boolean {
  return mediaType === DASH || mediaType === HLS;
}

export function isModelWithParts(mediaType: string): boolean {
  return mediaType === GLTF;
}

/** Whether an item names files beside it by relative addresses, so that its own address has the slashes of its path. */
export function hasParts(mediaType: string): boolean {
  return isPlaylistType(mediaType) || isModelWithParts(mediaType);
}

function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}
