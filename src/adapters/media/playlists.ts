/**
 * Playlists of streams, as far as they tell how long and how large the film is.
 * DASH: ISO/IEC 23009-1, 5.3.1 and 5.3.9; HLS: https://www.rfc-editor.org/rfc/rfc8216#section-4.3
 */
import { dirname, join } from 'node:path';
import type { MediaDescription } from '../../domain/item.ts';
import { type FileReader, withFile } from './file-reader.ts';

/** The list of a film of many hours. */
const LARGEST_PLAYLIST = 1_000_000;

export async function describeDash(reader: FileReader): Promise<MediaDescription> {
  const text = await textOf(reader);
  const duration = /\bmediaPresentationDuration\s*=\s*["']PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?["']/.exec(text);
  const [, hours = '0', minutes = '0', seconds = '0'] = duration ?? [];
  return {
    seconds: duration === null ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    size: largest([...text.matchAll(/<(?:Representation|AdaptationSet)\b[^>]*>/g)].map(([tag]) => sizeInTag(tag))),
  };
}

/** Whole numbers, and `maxWidth` is another attribute. */
function sizeInTag(tag: string): MediaDescription['size'] {
  const side = (name: string) => Number(new RegExp(`\\s${name}\\s*=\\s*["'](\\d+)["']`).exec(tag)?.[1] ?? 0);
  return { width: side('width'), height: side('height') };
}

/** `file`: where the playlist is, for one that names others is as long as the first of these. */
export async function describeHls(reader: FileReader, file: string): Promise<MediaDescription> {
  const text = await textOf(reader);
  const sizes = [...text.matchAll(/^#EXT-X-STREAM-INF:.*?\bRESOLUTION=(\d+)x(\d+)/gm)];
  const variant = /^#EXT-X-STREAM-INF:[^\r\n]*[\r\n]+(?:#[^\r\n]*[\r\n]+)*([^#\s][^\r\n]*)/m.exec(text)?.[1]?.trim();
  return {
    seconds: variant === undefined ? durationOfList(text) : await durationOfVariant(file, variant),
    size: largest(sizes.map(([, width, height]) => ({ width: Number(width), height: Number(height) }))),
  };
}

/** A list without an end is of something that still goes on. */
function durationOfList(text: string): number | null {
  if (!/^#EXT-X-ENDLIST\s*$/m.test(text)) return null;
  return [...text.matchAll(/^#EXTINF:\s*([\d.]+)/gm)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}

/** Beside the playlist or below it, by names that are no addresses. */
const BELOW = /^(?:\.\/)?[^/.:?#%\\][^/:?#%\\]*(?:\/[^/.:?#%\\][^/:?#%\\]*)*$/;

async function durationOfVariant(file: string, variant: string): Promise<number | null> {
  if (!BELOW.test(variant)) return null;
  const text = await withFile(join(dirname(file), variant), textOf).catch(() => null);
  return text === null ? null : durationOfList(text);
}

async function textOf(reader: FileReader): Promise<string> {
  const { buffer, byteOffset, byteLength } = await reader.read(0, Math.min(reader.size, LARGEST_PLAYLIST));
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

function largest(sizes: readonly MediaDescription['size'][]): MediaDescription['size'] {
  const known = sizes.filter((size) => size !== null && size.width > 0 && size.height > 0);
  return known.toSorted((a, b) => (b?.width ?? 0) - (a?.width ?? 0))[0] ?? null;
}
