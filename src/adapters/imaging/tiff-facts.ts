import type { Metadata } from 'sharp';
import type { ByteSource } from './read-bytes.ts';
import type { TiffDirectory } from './tiff-directories.ts';
import { readBytesOf, type TiffEntry } from './tiff-entries.ts';

/** What a picture is, in the words of libvips. */
export type PictureFacts = Pick<Metadata, 'space' | 'hasAlpha' | 'icc' | 'xmp'>;

/** Longer than any profile or metadata that is worth reading. */
const MOST_BYTES = 4_000_000;

/** Null for kinds that only libvips knows how it sees them: palettes, other depths, numbers with a fraction. */
export async function readTiffFacts(bytes: ByteSource, directory: TiffDirectory): Promise<PictureFacts | null> {
  const { bitsPerSample, sampleFormat, samplesPerPixel, profile, xmp } = directory;
  const colours = coloursOf(directory);
  if (colours === null || (bitsPerSample !== 8 && bitsPerSample !== 16) || sampleFormat !== 1) return null;
  const [gray, colour] = bitsPerSample === 8 ? (['b-w', 'srgb'] as const) : (['grey16', 'rgb16'] as const);
  return {
    space: colours === 4 ? 'cmyk' : colours === 3 ? colour : gray,
    hasAlpha: samplesPerPixel > colours,
    icc: await readOptional(bytes, profile),
    xmp: await readOptional(bytes, xmp),
  };
}

function coloursOf({ photometric }: TiffDirectory): 1 | 3 | 4 | null {
  if (photometric === 0 || photometric === 1) return 1;
  if (photometric === 2 || photometric === 6) return 3;
  return photometric === 5 ? 4 : null;
}

async function readOptional(bytes: ByteSource, entry: TiffEntry | null): Promise<Buffer | undefined> {
  if (entry === null || entry.count === 0 || entry.count > MOST_BYTES) return undefined;
  return Buffer.from(await readBytesOf(bytes, entry));
}
