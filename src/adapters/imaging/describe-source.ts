import type { Metadata } from 'sharp';
import type { Item, SourceDescription } from '../../domain/item.ts';
import type { RemoteFiles } from '../../domain/ports.ts';
import { Failure } from '../../lib/problems.ts';
import { decodeBytesPerPixel, MOST_DECODE_BYTES } from './decode-cost.ts';
import { findRights } from './find-rights.ts';
import type { ImagingOptions } from './imaging-options.ts';
import { reducedSize } from './jp2-decoder.ts';
import { type Jp2Header, readJp2Header, readRawHeader } from './jp2-header.ts';
import { readOldTiles } from './old-tiles.ts';
import { orientSize, toOrientation } from './orientation.ts';
import type { Size } from './raster.ts';
import { type ByteSource, withBytes } from './read-bytes.ts';
import { borrowItem, bytesOfRemote } from './remote-bytes.ts';
import { sharp } from './sharp-library.ts';
import { SNIFF_BYTES, type SourceFormat, sniffFormat } from './sniff-format.ts';
import { brokenSource, costlySource, tooLargeSource, unsupportedSource } from './source-failure.ts';
import type { SourceLayout } from './source-layout.ts';
import { isSrgbProfile } from './srgb-profile.ts';
import { OLD_JPEG_COMPRESSION, readStripJpeg } from './strip-jpeg.ts';
import { readTiffPages, type TiffDirectory, type TiffPage } from './tiff-directories.ts';
import { readShape } from './tiff-entries.ts';
import { readTiffFacts } from './tiff-facts.ts';

type Limits = Pick<ImagingOptions, 'maxSourcePixels'>;

/** Reads headers only. Throws `Failure`, and nothing else. */
export async function describeSource(item: Item, limits: Limits, remote: RemoteFiles | null): Promise<SourceLayout> {
  const { source } = item;
  try {
    if (remote === null || source.remote === undefined) {
      return await withBytes(source.file, (bytes) => describeBytes(item, bytes, limits, (use) => use(item)));
    }
    return await describeBytes(item, bytesOfRemote(source, remote), limits, (use) => borrowItem(item, remote, use));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw brokenSource(item, error instanceof Error ? error.message : String(error), error);
  }
}

/** Lends the item with a file that is on this machine. */
type Near = <T>(use: (near: Item) => Promise<T>) => Promise<T>;

async function describeBytes(item: Item, bytes: ByteSource, limits: Limits, near: Near): Promise<SourceLayout> {
  if (bytes.size === 0) throw brokenSource(item, 'the file is empty');
  const format = sniffFormat(await bytes.read(0, Math.min(SNIFF_BYTES, bytes.size)));
  if (format === null) throw unsupportedSource(item, 'no known magic bytes');
  switch (format) {
    case 'tiff':
      return describeTiff(item, bytes, limits, near);
    case 'jp2':
      return describeJp2(item, await readJp2Header(bytes), format, limits);
    case 'j2k':
      return describeJp2(item, await readRawHeader(bytes), format, limits);
    default:
      return describeByLibrary(item, format, limits, await metadataOf(item, format, bytes, near));
  }
}

/** Enough for the headers of most files. */
const HEAD_BYTES = 256 * 1024;
/** Formats whose facts stand in the first bytes of a file. */
const FACTS_FIRST: ReadonlySet<SourceFormat> = new Set(['jpeg', 'png', 'webp']);

/** Of a file that is elsewhere only the beginning is asked for, where that is enough. */
async function metadataOf(item: Item, format: SourceFormat, bytes: ByteSource, near: Near): Promise<Metadata> {
  if (item.source.remote !== undefined && FACTS_FIRST.has(format) && bytes.size > HEAD_BYTES) {
    const head = await bytes.read(0, HEAD_BYTES);
    const found = await sharp(head, { limitInputPixels: false })
      .metadata()
      .catch(() => null);
    if (found !== null) return found;
  }
  return near(({ source }) => sharp(source.file, { limitInputPixels: false }).metadata());
}

function checkPixels(item: Item, size: Size, { maxSourcePixels }: Limits): void {
  const pixels = size.width * size.height;
  if (pixels > maxSourcePixels) throw tooLargeSource(item, `${pixels} pixels, the limit is ${maxSourcePixels}`);
}

/** Formats that are decoded whole, whatever is asked for, have a limit of their own below that of all. */
function checkDecoding(item: Item, size: Size, bytesPerPixel: number): void {
  const most = Math.floor(MOST_DECODE_BYTES / bytesPerPixel);
  if (size.width * size.height > most) throw costlySource(item, `${size.width} x ${size.height}, at most ${most} pixels are read`);
}

/** TIFF codings that our libtiff was built with, and old JPEG, which is put together here. Tiles of any other would be black. */
const READ_COMPRESSIONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 32_773, 32_946, 50_001]);

async function describeTiff(item: Item, bytes: ByteSource, limits: Limits, near: Near): Promise<SourceLayout> {
  const pages = await readTiffPages(bytes);
  // For a page after the last one the first is described: whoever asked sees from `pages` that there is none.
  const page = pages[item.page - 1] ?? pages[0];
  if (page === undefined) throw brokenSource(item, 'there are no pages');
  const { full } = page;
  checkPixels(item, full, limits);
  if (!READ_COMPRESSIONS.has(full.compression)) throw unsupportedSource(item, `compression ${full.compression}`);
  if (full.stored?.planarConfiguration === 2 && full.samplesPerPixel > 1) throw unsupportedSource(item, 'tiles of one sample each');
  if (full.samplesPerPixel > coloursOf(full) + 1) throw unsupportedSource(item, `${full.samplesPerPixel} samples in each pixel`);
  const shape = await readShape(bytes);
  const [stripJpeg, oldTiles] = [await readStripJpeg(bytes, shape, full), await readOldTiles(bytes, shape, full)];
  if (full.compression === OLD_JPEG_COMPRESSION && stripJpeg === null && oldTiles === null) {
    throw unsupportedSource(item, 'JPEG of the old kind that is not in strips or tiles of 8 bits');
  }
  const metadata =
    (await readTiffFacts(bytes, full)) ??
    (await near(({ source }) => sharp(source.file, { page: page.page, limitInputPixels: false }).metadata()));
  const orientation = toOrientation(full.orientation);
  const regionLevels = tiledLevels(page);
  const size = orientSize(full, orientation);
  const tile = full.tile === null || oldTiles !== null ? null : orientSize(full.tile, orientation);
  const gray = metadata.space === 'b-w' || metadata.space === 'grey16';
  const description: SourceDescription = {
    ...size,
    pages: pages.length,
    tile,
    levels: regionLevels.slice(1).map((level) => orientSize(level, orientation)),
    byRegion: tile !== null,
    pyramid: false,
    alpha: metadata.hasAlpha,
    gray,
    formatName: tiffName(page),
    rights: rightsIn(metadata.xmp),
  };
  return {
    description,
    format: 'tiff',
    stored: { width: full.width, height: full.height },
    orientation,
    gray,
    depth: full.bitsPerSample,
    cmyk: metadata.space === 'cmyk',
    ...profileFacts(metadata.icc),
    regionLevels,
    stripJpeg,
    oldTiles,
    page: page.page,
    jp2: null,
  };
}

/** The full size and those levels that can be read by region. */
function tiledLevels(page: TiffPage): SourceLayout['regionLevels'] {
  const isRead = ({ tile, compression }: TiffDirectory) => tile !== null && compression !== OLD_JPEG_COMPRESSION;
  if (!isRead(page.full)) return [];
  const levels = page.levels.filter(({ directory }) => isRead(directory));
  return [{ directory: page.full, page: page.page, subifd: -1 }, ...levels].map(({ directory, page: at, subifd }) => ({
    width: directory.width,
    height: directory.height,
    page: at,
    subifd,
    directory,
  }));
}

function tiffName({ full, levels }: TiffPage): string {
  const shape = full.tile === null ? 'TIFF' : levels.length > 0 ? 'pyramidal TIFF' : 'tiled TIFF';
  return withDepth(shape, full.bitsPerSample, colourOf(full));
}

function colourOf({ photometric }: TiffDirectory): string | null {
  if (photometric === 5) return 'CMYK';
  if (photometric === 0 || photometric === 1) return 'gray';
  return photometric === 3 ? 'palette' : null;
}

/** Samples that make a colour: TIFF 6.0, PhotometricInterpretation. */
function coloursOf({ photometric }: TiffDirectory): number {
  if (photometric === 5) return 4;
  return photometric === 2 || photometric >= 6 ? 3 : 1;
}

function withDepth(name: string, bits: number, colour: string | null): string {
  return [name, bits === 8 ? null : `${bits} bit`, colour].filter((part) => part !== null).join(', ');
}

function describeJp2(item: Item, jp2: Jp2Header, format: SourceFormat, limits: Limits): SourceLayout {
  const { codestream } = jp2;
  const size = { width: codestream.x1 - codestream.x0, height: codestream.y1 - codestream.y0 };
  checkPixels(item, size, limits);
  const [first] = codestream.components;
  const depth = jp2.palette?.depth ?? first?.depth ?? 8;
  const channels = jp2.palette?.channels ?? codestream.components.length;
  const { tile } = codestream;
  const tiled = tile.width < size.width || tile.height < size.height;
  const description: SourceDescription = {
    ...size,
    pages: 1,
    tile: tiled ? { width: tile.width, height: tile.height } : null,
    levels: waveletLevels(jp2, size),
    byRegion: tiled,
    pyramid: false,
    alpha: jp2.alpha,
    gray: channels < 3,
    formatName: withDepth(tiled ? 'tiled JPEG 2000' : 'JPEG 2000', depth, channels < 3 ? 'gray' : null),
    rights: jp2.xmp === null ? null : findRights(jp2.xmp),
  };
  return {
    description,
    format,
    stored: size,
    orientation: 1,
    gray: channels < 3,
    depth,
    cmyk: jp2.colourSpace === 'cmyk',
    ...profileFacts(jp2.profile),
    regionLevels: [],
    stripJpeg: null,
    oldTiles: null,
    page: 0,
    jp2,
  };
}

function waveletLevels(jp2: Jp2Header, size: Size): readonly Size[] {
  const levels: Size[] = [];
  for (let i = 1; i <= jp2.codestream.decompositions; i++) {
    const level = reducedSize(jp2, { x: 0, y: 0, ...size }, i);
    if (level.width === 0 || level.height === 0) break;
    levels.push(level);
    if (level.width === 1 && level.height === 1) break;
  }
  return levels;
}

const NAMES: Readonly<Partial<Record<SourceFormat, string>>> = { jpeg: 'JPEG', png: 'PNG', webp: 'WebP', gif: 'GIF', avif: 'AVIF' };
const DEPTH_BITS: Readonly<Record<string, number>> = { uchar: 8, ushort: 16 };

function describeByLibrary(item: Item, format: SourceFormat, limits: Limits, metadata: Metadata): SourceLayout {
  const stored = { width: metadata.width, height: metadata.pageHeight ?? metadata.height };
  checkPixels(item, stored, limits);
  checkDecoding(item, stored, decodeBytesPerPixel(format, metadata));
  const orientation = toOrientation(metadata.orientation);
  const gray = metadata.space === 'b-w' || metadata.space === 'grey16';
  const depth = metadata.bitsPerSample !== undefined && metadata.bitsPerSample < 8 ? 8 : (DEPTH_BITS[metadata.depth] ?? 8);
  const colour = metadata.space === 'cmyk' ? 'CMYK' : metadata.isPalette && format !== 'gif' ? 'palette' : gray ? 'gray' : null;
  return {
    description: {
      ...orientSize(stored, orientation),
      pages: 1,
      tile: null,
      levels: [],
      byRegion: false,
      pyramid: false,
      alpha: metadata.hasAlpha,
      gray,
      formatName: withDepth(NAMES[format] ?? format, depth, colour),
      rights: rightsIn(metadata.xmp),
    },
    format,
    stored,
    orientation,
    gray,
    depth,
    cmyk: metadata.space === 'cmyk',
    ...profileFacts(metadata.icc),
    regionLevels: [],
    stripJpeg: null,
    oldTiles: null,
    page: 0,
    jp2: null,
  };
}

function profileFacts(profile: Uint8Array | null | undefined): Pick<SourceLayout, 'profile' | 'srgb'> {
  return { profile: profile ?? null, srgb: profile !== null && profile !== undefined && isSrgbProfile(profile) };
}

function rightsIn(xmp: Uint8Array | undefined): string | null {
  return xmp === undefined ? null : findRights(Buffer.from(xmp).toString('utf8'));
}
