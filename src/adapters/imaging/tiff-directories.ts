/**
 * The directories of a TIFF file: enough to tell pages from the levels of a pyramid.
 * TIFF 6.0 section 2, BigTIFF: https://www.awaresystems.be/imaging/tiff/bigtiff.html
 */
import type { ByteSource } from './read-bytes.ts';
import { readEntries, readNumbers, readShape, type TiffEntry, TiffError, type TiffShape } from './tiff-entries.ts';

export interface TiffDirectory {
  readonly width: number;
  readonly height: number;
  /** NewSubfileType: bit 0 reduced, bit 1 page, bit 2 mask. */
  readonly subfileType: number;
  readonly tile: { readonly width: number; readonly height: number } | null;
  readonly bitsPerSample: number;
  readonly samplesPerPixel: number;
  readonly photometric: number;
  readonly compression: number;
  readonly orientation: number;
  /** Samples beyond colour. */
  readonly extraSamples: number;
  /** Whether the first of these is opacity that the colours are multiplied with already. */
  readonly premultiplied: boolean;
  readonly subDirectories: readonly number[];
  /** SampleFormat: 1 whole numbers without a sign. */
  readonly sampleFormat: number;
  readonly profile: TiffEntry | null;
  readonly xmp: TiffEntry | null;
  /** Where the lists of its tiles stand; null where it is not tiled. */
  readonly stored: StoredTiles | null;
  /** Where its strips stand; null where it is tiled. */
  readonly strips: StoredStrips | null;
}

/** What is needed to find the bytes of one tile. */
export interface StoredTiles {
  readonly offsets: TiffEntry;
  readonly byteCounts: TiffEntry;
  /** Tables of all JPEG tiles. */
  readonly jpegTables: TiffEntry | null;
  /** 1: the samples of a pixel stand together. */
  readonly planarConfiguration: number;
  readonly oldJpeg: OldJpeg;
}

/** What is needed to find the bytes of one strip. */
export interface StoredStrips {
  readonly offsets: TiffEntry;
  readonly byteCounts: TiffEntry;
  readonly rowsPerStrip: number;
  readonly jpegTables: TiffEntry | null;
  readonly planarConfiguration: number;
  readonly oldJpeg: OldJpeg;
}

/** TIFF 6.0 section 22: what a directory says of JPEG as it was first put into TIFF. */
export interface OldJpeg {
  /** 1 baseline, 14 lossless. */
  readonly process: number;
  /** Where a JPEG stream begins; 0 where there is none. */
  readonly stream: number;
  /** Its bytes, where the file says so. */
  readonly streamBytes: number;
  readonly restartInterval: number;
  /** Where the tables of each component stand. */
  readonly quantisation: readonly number[];
  readonly dc: readonly number[];
  readonly ac: readonly number[];
  /** YCbCrSubSampling, across and down. */
  readonly subsampling: readonly number[];
}

/** One page of a document: its full-size directory and the smaller versions of it, largest first. */
export interface TiffPage {
  readonly full: TiffDirectory;
  /** How libvips names it. */
  readonly page: number;
  readonly levels: ReadonlyArray<TiffLevel>;
}

export interface TiffLevel {
  readonly directory: TiffDirectory;
  readonly page: number;
  /** Which SubIFD, -1 for the page itself. */
  readonly subifd: number;
}

/** More directories than any document has pages; a chain that loops ends here too. */
const MAX_DIRECTORIES = 10_000;
/** Of a SubIFD list; a pyramid of 2^32 pixels has 32. */
const MAX_SUB_DIRECTORIES = 64;

const TAG = {
  newSubfileType: 254,
  subfileType: 255,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  orientation: 274,
  samplesPerPixel: 277,
  tileWidth: 322,
  tileHeight: 323,
  subDirectories: 330,
  extraSamples: 338,
  planarConfiguration: 284,
  rowsPerStrip: 278,
  jpegProcess: 512,
  jpegStream: 513,
  jpegStreamBytes: 514,
  jpegRestartInterval: 515,
  jpegQuantisation: 519,
  jpegDc: 520,
  jpegAc: 521,
  sampleFormat: 339,
  subsampling: 530,
} as const;

/** Lists that may be long: read when a tile is wanted. */
const LISTS = { stripOffsets: 273, stripByteCounts: 279, tileOffsets: 324, tileByteCounts: 325, jpegTables: 347 } as const;
const XMP = 700;
/** ICC.1, annex B.3. */
const PROFILE = 34_675;

const READ_TAGS: ReadonlySet<number> = new Set(Object.values(TAG));

/** Every page with its levels. Throws `TiffError` or `TruncatedError` on a file that lies. */
export async function readTiffPages(bytes: ByteSource): Promise<readonly TiffPage[]> {
  const shape = await readShape(bytes);
  const chain: TiffDirectory[] = [];
  const seen = new Set<number>();
  for (let at = shape.first; at !== 0; ) {
    if (seen.has(at)) throw new TiffError('The directories form a loop');
    if (seen.size >= MAX_DIRECTORIES) throw new TiffError('Too many directories');
    seen.add(at);
    const { directory, next } = await readDirectory(bytes, shape, at);
    chain.push(directory);
    at = next;
  }
  const subLevels: Array<readonly TiffDirectory[]> = [];
  let left = MAX_DIRECTORIES;
  for (const directory of chain) {
    left -= directory.subDirectories.length;
    if (left < 0) throw new TiffError('Too many directories');
    subLevels.push(await readSubDirectories(bytes, shape, directory));
  }
  return groupPages(chain, subLevels);
}

/** Puts directories that are smaller versions of the one before them under it. Masks are neither page nor level. */
export function groupPages(chain: readonly TiffDirectory[], subLevels: ReadonlyArray<readonly TiffDirectory[]>): readonly TiffPage[] {
  const pages: Array<{ full: TiffDirectory; page: number; levels: TiffLevel[] }> = [];
  chain.forEach((directory, page) => {
    if (isMask(directory)) return;
    const last = pages.at(-1);
    if (last !== undefined && isLevelOf(last.full, last.levels.at(-1)?.directory ?? last.full, directory)) {
      last.levels.push({ directory, page, subifd: -1 });
      return;
    }
    if (last !== undefined && isReduced(directory)) return;
    const levels = (subLevels[page] ?? []).flatMap((sub, subifd) =>
      isSameShape(directory, sub) ? [{ directory: sub, page, subifd }] : [],
    );
    pages.push({ full: directory, page, levels });
  });
  return pages.map(({ full, page, levels }) => ({ full, page, levels: levels.sort((a, b) => b.directory.width - a.directory.width) }));
}

function isMask(directory: TiffDirectory): boolean {
  return (directory.subfileType & 4) !== 0 || directory.photometric === 4;
}

function isReduced(directory: TiffDirectory): boolean {
  return (directory.subfileType & 1) !== 0;
}

/** A level says that it is reduced, or is tiled and half as large as the one before, and in both cases has the same shape and samples. */
function isLevelOf(full: TiffDirectory, previous: TiffDirectory, directory: TiffDirectory): boolean {
  if ((directory.subfileType & 2) !== 0 || !isSameShape(full, directory)) return false;
  if (isReduced(directory)) return true;
  return (
    directory.tile !== null && full.tile !== null && isHalf(previous.width, directory.width) && isHalf(previous.height, directory.height)
  );
}

function isHalf(whole: number, part: number): boolean {
  return Math.abs(whole / 2 - part) < 1 || part === 1;
}

/** The same picture made smaller: sides in one ratio, as far as whole pixels allow, and the same samples. */
function isSameShape(full: TiffDirectory, small: TiffDirectory): boolean {
  if (small.width >= full.width && small.height >= full.height) return false;
  if (small.samplesPerPixel !== full.samplesPerPixel || small.bitsPerSample !== full.bitsPerSample) return false;
  const expected = (full.height * small.width) / full.width;
  const slack = 1 + full.height / full.width;
  return Math.abs(expected - small.height) <= slack;
}

async function readSubDirectories(bytes: ByteSource, shape: TiffShape, directory: TiffDirectory): Promise<readonly TiffDirectory[]> {
  const found: TiffDirectory[] = [];
  for (const at of directory.subDirectories) found.push((await readDirectory(bytes, shape, at)).directory);
  return found;
}

async function readDirectory(bytes: ByteSource, shape: TiffShape, at: number): Promise<{ directory: TiffDirectory; next: number }> {
  const { entries, next } = await readEntries(bytes, shape, at);
  const values = new Map<number, readonly number[]>();
  for (const [tag, entry] of entries) {
    if (READ_TAGS.has(tag)) values.set(tag, await readNumbers(bytes, shape, entry, MAX_SUB_DIRECTORIES));
  }
  return { directory: toDirectory(values, entries), next };
}

function toDirectory(values: ReadonlyMap<number, readonly number[]>, entries: ReadonlyMap<number, TiffEntry>): TiffDirectory {
  const one = (tag: number, otherwise: number) => values.get(tag)?.[0] ?? otherwise;
  const width = one(TAG.width, 0);
  const height = one(TAG.height, 0);
  if (width === 0 || height === 0) throw new TiffError('A directory without a size');
  const tileWidth = one(TAG.tileWidth, 0);
  const tileHeight = one(TAG.tileHeight, 0);
  const oldType = one(TAG.subfileType, 0);
  const isTiled = tileWidth > 0 && tileHeight > 0;
  return {
    width,
    height,
    subfileType: one(TAG.newSubfileType, oldType === 2 ? 1 : oldType === 3 ? 2 : 0),
    tile: isTiled ? { width: tileWidth, height: tileHeight } : null,
    bitsPerSample: one(TAG.bitsPerSample, 1),
    samplesPerPixel: one(TAG.samplesPerPixel, 1),
    photometric: one(TAG.photometric, 1),
    compression: one(TAG.compression, 1),
    orientation: one(TAG.orientation, 1),
    extraSamples: values.get(TAG.extraSamples)?.length ?? 0,
    premultiplied: one(TAG.extraSamples, 0) === 1,
    subDirectories: values.get(TAG.subDirectories) ?? [],
    sampleFormat: one(TAG.sampleFormat, 1),
    profile: entries.get(PROFILE) ?? null,
    xmp: entries.get(XMP) ?? null,
    stored: isTiled ? storedTiles(values, entries) : null,
    strips: isTiled ? null : storedStrips(values, entries, height),
  };
}

function storedStrips(
  values: ReadonlyMap<number, readonly number[]>,
  entries: ReadonlyMap<number, TiffEntry>,
  height: number,
): StoredStrips | null {
  const [offsets, byteCounts] = [entries.get(LISTS.stripOffsets), entries.get(LISTS.stripByteCounts)];
  if (offsets === undefined || byteCounts === undefined) return null;
  const one = (tag: number, otherwise: number) => values.get(tag)?.[0] ?? otherwise;
  return {
    offsets,
    byteCounts,
    rowsPerStrip: Math.max(1, Math.min(one(TAG.rowsPerStrip, height), height)),
    jpegTables: entries.get(LISTS.jpegTables) ?? null,
    planarConfiguration: one(TAG.planarConfiguration, 1),
    oldJpeg: oldJpegOf(values),
  };
}

function oldJpegOf(values: ReadonlyMap<number, readonly number[]>): OldJpeg {
  const one = (tag: number, otherwise: number) => values.get(tag)?.[0] ?? otherwise;
  return {
    process: one(TAG.jpegProcess, 1),
    stream: one(TAG.jpegStream, 0),
    streamBytes: one(TAG.jpegStreamBytes, 0),
    restartInterval: one(TAG.jpegRestartInterval, 0),
    quantisation: values.get(TAG.jpegQuantisation) ?? [],
    dc: values.get(TAG.jpegDc) ?? [],
    ac: values.get(TAG.jpegAc) ?? [],
    subsampling: values.get(TAG.subsampling) ?? [2, 2],
  };
}

function storedTiles(values: ReadonlyMap<number, readonly number[]>, entries: ReadonlyMap<number, TiffEntry>): StoredTiles | null {
  const [offsets, byteCounts] = [entries.get(LISTS.tileOffsets), entries.get(LISTS.tileByteCounts)];
  if (offsets === undefined || byteCounts === undefined) return null;
  return {
    offsets,
    byteCounts,
    jpegTables: entries.get(LISTS.jpegTables) ?? null,
    planarConfiguration: values.get(TAG.planarConfiguration)?.[0] ?? 1,
    oldJpeg: oldJpegOf(values),
  };
}
