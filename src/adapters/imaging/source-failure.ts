import type { Item } from '../../domain/item.ts';
import { Failure, refuse } from '../../lib/problems.ts';
import { Jp2TooLargeError, Jp2UnsupportedError } from './jp2-decoder.ts';
import { OldJpegError } from './old-tiles.ts';

/** Failures name the file in their private detail only. */
export function brokenSource(item: Item, why: string, cause?: unknown): Failure {
  return new Failure(
    refuse('source.broken', 'The file behind this image is damaged or incomplete.'),
    `${item.source.file} (page ${item.page}): ${why}`,
    { cause },
  );
}

export function unsupportedSource(item: Item, why: string): Failure {
  return new Failure(
    refuse('source.unsupported', 'The file behind this image is of a kind that is not read here.'),
    `${item.source.file}: ${why}`,
  );
}

export function tooLargeSource(item: Item, why: string): Failure {
  return new Failure(
    refuse('source.too-large', 'The file behind this image has more pixels than this server reads.'),
    `${item.source.file}: ${why}`,
  );
}

/** Within the limit of pixels, but not in this format. */
export function costlySource(item: Item, why: string): Failure {
  const sentence = 'The file behind this image has more pixels than this server reads in its format. As a tiled TIFF it could be read.';
  return new Failure(refuse('source.too-large', sentence), `${item.source.file}: ${why}`);
}

export function timedOut(item: Item, what: string, cause?: unknown): Failure {
  return new Failure(
    {
      ...refuse('server.timeout', 'The image took longer to make than this server allows. A smaller one may work.'),
      retryAfterSeconds: 10,
    },
    `${item.source.file}: ${what} took too long`,
    { cause },
  );
}

/** What libtiff and libvips say of layouts that they do not know. */
const UNKNOWN_TIFF = /tiff2vips: .*(?:not (?:supported|configured)|requires data to be stored contiguously)/i;

/** Sorts what a decoder threw. The words are those of sharp and libvips. */
export function decoderFailure(item: Item, error: unknown): unknown {
  if (error instanceof Failure || (error instanceof Error && error.name === 'AbortError')) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof Jp2UnsupportedError || error instanceof OldJpegError) return unsupportedSource(item, text);
  if (error instanceof Jp2TooLargeError) return tooLargeSource(item, text);
  if (UNKNOWN_TIFF.test(text)) return unsupportedSource(item, text);
  if (/timeout/i.test(text)) return timedOut(item, 'decoding', error);
  return brokenSource(item, text, error);
}
