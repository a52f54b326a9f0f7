import type { SourceDescription } from '../../domain/item.ts';
import type { Jp2Header } from './jp2-header.ts';
import type { OldTiles } from './old-tiles.ts';
import type { Orientation } from './orientation.ts';
import type { SourceFormat } from './sniff-format.ts';
import type { StripJpeg } from './strip-jpeg.ts';
import type { TiffDirectory } from './tiff-directories.ts';

/** What the reader itself has to know of a source, beside what it tells others. */
export interface SourceLayout {
  readonly description: SourceDescription;
  readonly format: SourceFormat;
  /** Pixels as stored, before turning. */
  readonly stored: { readonly width: number; readonly height: number };
  readonly orientation: Orientation;
  /** One channel beside opacity. */
  readonly gray: boolean;
  /** Bits a sample. */
  readonly depth: number;
  readonly cmyk: boolean;
  /** The embedded colour profile; null where there is none. */
  readonly profile: Uint8Array | null;
  /** Whether the profile says what is assumed without one. */
  readonly srgb: boolean;
  /** Directories that can be read by region, the full size first; empty where the source has to be read whole. */
  readonly regionLevels: readonly RegionLevel[];
  /** Where the page is a JPEG in strips: what is read in its place. */
  readonly stripJpeg: StripJpeg | null;
  /** Where the page is in JPEG tiles or strips of the old kind: they are put into another file, where they are not one JPEG. */
  readonly oldTiles: OldTiles | null;
  /** Which page libvips opens where nothing is read by region. */
  readonly page: number;
  readonly jp2: Jp2Header | null;
}

/** A tiled directory of a TIFF, in stored orientation. */
export interface RegionLevel {
  readonly width: number;
  readonly height: number;
  readonly page: number;
  readonly subifd: number;
  readonly directory: TiffDirectory;
}
