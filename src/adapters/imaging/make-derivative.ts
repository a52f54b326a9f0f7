import type { Sharp } from 'sharp';
import type { Plan } from '../../iiif/image/plan.ts';
import type { Format } from '../../iiif/image/request.ts';
import { Failure, refuse } from '../../lib/problems.ts';
import type { ImagingOptions } from './imaging-options.ts';
import { isStream, needsResampling, openPixels, type PixelStream, type Pixels, resample, toSamples } from './pixels.ts';
import type { Raster, Size } from './raster.ts';
import type { Scratch } from './scratch.ts';
import { sharp, timeLimit } from './sharp-library.ts';
import { encodeJpeg } from './turbo-codec.ts';
import { wrapTiff } from './wrap-tiff.ts';
import { writePdf } from './write-pdf.ts';

export interface DerivativeTools {
  readonly options: ImagingOptions;
  readonly scratch: Scratch;
  /** Encodes JPEG 2000. */
  encodeJp2(raster: Raster, profile: Uint8Array | null): Promise<Uint8Array>;
}

const WITH_ALPHA: ReadonlySet<Format> = new Set(['png', 'webp', 'avif', 'gif', 'tif', 'jp2']);

/** The largest side that a format can hold. */
const MAX_SIDE: Readonly<Partial<Record<Format, number>>> = { jpg: 65_500, pdf: 65_500, webp: 16_383, avif: 16_384, gif: 65_535 };

/** These encoders hold the whole turned picture several times over: up to 25 bytes a pixel, and AVIF 40 with opacity, measured. */
const MAX_TURNED_PIXELS: Readonly<Partial<Record<Format, number>>> = { webp: 26_000_000, avif: 26_000_000, gif: 26_000_000 };
const MAX_TRANSPARENT_AVIF_PIXELS = 16_000_000;

function hasAlpha(format: Format): boolean {
  return WITH_ALPHA.has(format);
}

/** Resamples, mirrors, turns, sets the quality and encodes. `profile` is that of the pixels, null for sRGB and plain gray. */
export async function makeDerivative(
  pixels: Pixels | PixelStream,
  plan: Plan,
  profile: Uint8Array | null,
  tools: DerivativeTools,
): Promise<Uint8Array> {
  const { options } = tools;
  if (isStream(pixels)) {
    return pixels.use((pipeline) => encodeStream(pipeline.flop(plan.mirrored), plan, pixels.channels === 1, options));
  }
  if (isReady(pixels, plan, profile)) return encodeJpeg(await resample(pixels, options), options, tools.scratch);
  const turned = await turn(pixels, plan, profile, options);
  const toned = tone(turned.pipeline, plan, turned.gray);
  const gray = turned.gray || plan.quality === 'gray' || plan.quality === 'bitonal';
  const limited = toned.timeout(timeLimit(options));
  if (plan.format === 'jp2') return tools.encodeJp2(await toColours(limited, gray && turned.alpha, options), profile);
  if (plan.format !== 'pdf') return encode(limited, plan.format, options).toBuffer();
  const { data, info } = await encode(limited, 'jpg', options).toBuffer({ resolveWithObject: true });
  return writePdf({ jpeg: data, width: info.width, height: info.height, channels: gray ? 1 : 3, profile });
}

function encodeStream(pipeline: Sharp, plan: Plan, gray: boolean, options: ImagingOptions): Promise<Buffer> {
  return encode(tone(pipeline, plan, gray).timeout(timeLimit(options)), 'jpg', options).toBuffer();
}

/** Whether there is nothing to do but to encode a JPEG. */
function isReady(pixels: Pixels, { format, degrees, mirrored, quality }: Plan, profile: Uint8Array | null): boolean {
  const { channels } = pixels.raster;
  const isToned = channels === 1 ? quality !== 'bitonal' : channels === 3 && (quality === 'default' || quality === 'color');
  return format === 'jpg' && degrees === 0 && !mirrored && isToned && profile === null && !needsResampling(pixels);
}

/** Throws `Failure` (`image.limit`) for what the format cannot hold. To be asked before anything is decoded. */
export function checkFits({ size, degrees, format, canonical }: Plan, { alpha }: { alpha: boolean }): void {
  const turned = turnedSize(size, degrees);
  const side = MAX_SIDE[format] ?? Number.POSITIVE_INFINITY;
  if (Math.max(turned.width, turned.height) > side) throw tooLarge(`This format holds at most ${side} pixels a side.`, turned, canonical);
  const transparent = format === 'avif' && (alpha || degrees % 90 !== 0);
  const pixels = transparent ? MAX_TRANSPARENT_AVIF_PIXELS : (MAX_TURNED_PIXELS[format] ?? Number.POSITIVE_INFINITY);
  if (turned.width * turned.height > pixels)
    throw tooLarge(`In this format at most ${pixels} pixels are made, turned as asked.`, turned, canonical);
}

function tooLarge(why: string, turned: Size, canonical: string): Failure {
  const refusal = refuse('image.limit', `${why} Ask for a smaller size or another format.`);
  return new Failure(refusal, `${canonical}: ${turned.width} x ${turned.height}`);
}

/** The box around a turned picture. */
function turnedSize({ width, height }: Size, degrees: number): Size {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  return { width: Math.ceil(width * cos + height * sin - 1e-6), height: Math.ceil(width * sin + height * cos - 1e-6) };
}

interface Turned {
  readonly pipeline: Sharp;
  readonly gray: boolean;
  readonly alpha: boolean;
}

async function turn(pixels: Pixels, plan: Plan, profile: Uint8Array | null, options: ImagingOptions): Promise<Turned> {
  const { channels } = pixels.raster;
  const gray = channels < 3;
  const transparent = hasAlpha(plan.format);
  const alpha = transparent && (channels % 2 === 0 || plan.degrees % 90 !== 0);
  const input = profile === null ? openPixels(pixels) : openWithProfile(await resample(pixels, options), profile);
  const flat = !transparent && channels % 2 === 0 ? input.flatten({ background: options.backgroundColour }) : input;
  const mirrored = flat.flop(plan.mirrored);
  if (plan.degrees === 0) return { pipeline: mirrored, gray, alpha };
  const background = transparent ? { r: 0, g: 0, b: 0, alpha: 0 } : options.backgroundColour;
  return { pipeline: mirrored.rotate(plan.degrees, { background }), gray, alpha };
}

function tone(pipeline: Sharp, { quality }: Plan, gray: boolean): Sharp {
  if (quality === 'bitonal') return pipeline.greyscale().threshold(128).toColourspace('b-w');
  if (quality === 'gray') return pipeline.greyscale().toColourspace('b-w');
  return gray ? pipeline.toColourspace('b-w') : pipeline;
}

function encode(pipeline: Sharp, format: Exclude<Format, 'jp2' | 'pdf'>, options: ImagingOptions): Sharp {
  switch (format) {
    case 'jpg':
      return pipeline.jpeg({ quality: options.jpegQuality, optimiseCoding: false, chromaSubsampling: options.jpegSubsampling });
    case 'png':
      return pipeline.png({ compressionLevel: 4, adaptiveFiltering: false });
    case 'webp':
      return pipeline.webp({ quality: options.webpQuality, effort: 2 });
    case 'avif':
      return pipeline.avif({ quality: options.avifQuality, effort: 1, chromaSubsampling: '4:2:0' });
    case 'gif':
      return pipeline.gif({ effort: 2 });
    case 'tif':
      return pipeline.tiff({ compression: 'lzw', predictor: 'horizontal' });
  }
}

function openWithProfile(raster: Raster, profile: Uint8Array): Sharp {
  const colour = raster.channels < 3 ? 'gray' : 'rgb';
  const wrapped = wrapTiff({ ...raster, depth: 8, colour, alpha: raster.channels % 2 === 0, profile });
  return sharp(wrapped, { limitInputPixels: false }).keepIccProfile();
}

/** Raw gray would lose its opacity, so it is made colour on the way. */
async function toColours(pipeline: Sharp, transparentGray: boolean, options: ImagingOptions): Promise<Raster> {
  return toSamples(transparentGray ? await reopened(pipeline.timeout(timeLimit(options))) : pipeline, options);
}

async function reopened(pipeline: Sharp): Promise<Sharp> {
  return sharp(await pipeline.tiff({ compression: 'none' }).toBuffer(), { limitInputPixels: false }).toColourspace('srgb');
}
