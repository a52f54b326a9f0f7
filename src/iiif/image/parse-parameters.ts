/**
 * The grammar of the five parameters of an image request, decoded: anchored, and final. What it returns is valid by
 * itself; whether it fits an image is for the plan.
 * https://iiif.io/api/image/3.0/#4-image-requests
 * https://iiif.io/api/image/2.1/#image-request-parameters
 */
import { type Refusal, refuse } from '../../lib/problems.ts';
import { FORMATS, type Format, type ImageApiVersion, QUALITIES, type Quality, type Region, type Rotation, type Size } from './request.ts';

/** Decimal digits of ASCII and nothing else. Ten are more than any image has, and far from where doubles lose count. */
const INTEGER = String.raw`(\d{1,10})`;
/**
 * No sign, no exponent. Both versions only advise a zero before the point and none at the end (3.0 §4.7), so `.5` and
 * `0.50` are read, and the canonical form writes `0.5`.
 */
const DECIMAL = String.raw`(\d{1,5}(?:\.\d{1,24})?|\.\d{1,24})`;

const REGION_PIXELS = new RegExp(`^${INTEGER},${INTEGER},${INTEGER},${INTEGER}$`);
const REGION_PERCENT = new RegExp(`^pct:${DECIMAL},${DECIMAL},${DECIMAL},${DECIMAL}$`);
const SIZE_WIDTH = new RegExp(`^${INTEGER},$`);
const SIZE_HEIGHT = new RegExp(`^,${INTEGER}$`);
const SIZE_PERCENT = new RegExp(`^pct:${DECIMAL}$`);
const SIZE_BOTH = new RegExp(`^(!?)${INTEGER},${INTEGER}$`);
const ROTATION = new RegExp(`^(!?)${DECIMAL}$`);
const QUALITY_FORMAT = /^([a-z]+)\.([a-z0-9]+)$/;

const NOT_A_REGION = refuse('image.region', 'The region is full, square, x,y,w,h in whole pixels, or pct:x,y,w,h.');
const EMPTY_REGION = refuse('image.region', 'The region has no width or no height.');
const NOT_A_SIZE: Readonly<Record<ImageApiVersion, Refusal>> = {
  2: refuse('image.size', 'The size is full, max, w, or ,h or w,h or !w,h in whole pixels, or pct:n.'),
  3: refuse('image.size', 'The size is max, w, or ,h or w,h or !w,h in whole pixels, or pct:n, with ^ before it to allow upscaling.'),
};
const EMPTY_SIZE = refuse('image.size', 'The size has no width or no height.');
const NEEDS_CARET = refuse('image.size', 'More than 100 percent is upscaling, which is written ^pct:n.');
const NOT_A_ROTATION = refuse('image.rotation', 'The rotation is a number of degrees from 0 to 360, with ! before it for mirroring.');
const NOT_A_QUALITY = refuse('image.quality', `The quality is one of ${QUALITIES.join(', ')}.`);
const NOT_A_FORMAT = refuse('image.format', `The format follows the quality and a dot, and is one of ${FORMATS.join(', ')}.`);

/** https://iiif.io/api/image/3.0/#41-region */
export function parseRegion(text: string): Region | Refusal {
  if (text === 'full' || text === 'square') return { kind: text };
  const pixels = REGION_PIXELS.exec(text);
  if (pixels !== null) return wholeRegion('pixels', pixels);
  const percent = REGION_PERCENT.exec(text);
  if (percent !== null) return wholeRegion('percent', percent);
  return NOT_A_REGION;
}

function wholeRegion(kind: 'pixels' | 'percent', found: RegExpExecArray): Region | Refusal {
  const [x, y, width, height] = [numberAt(found, 1), numberAt(found, 2), numberAt(found, 3), numberAt(found, 4)];
  if (width === 0 || height === 0) return EMPTY_REGION;
  return { kind, x, y, width, height };
}

/** https://iiif.io/api/image/3.0/#42-size and https://iiif.io/api/image/2.1/#size */
export function parseSize(text: string, version: ImageApiVersion): Size | Refusal {
  if (version === 2) return text === 'full' ? { kind: 'full' } : (parseSizeForm(text, false) ?? NOT_A_SIZE[2]);
  const upscale = text.startsWith('^');
  const size = parseSizeForm(upscale ? text.slice(1) : text, upscale) ?? NOT_A_SIZE[3];
  if (size.kind === 'percent' && size.percent > 100 && !upscale) return NEEDS_CARET;
  return size;
}

function parseSizeForm(text: string, upscale: boolean): Size | Refusal | null {
  if (text === 'max') return { kind: 'max', upscale };
  const byWidth = SIZE_WIDTH.exec(text);
  if (byWidth !== null) return notEmpty(numberAt(byWidth, 1), { kind: 'width', width: numberAt(byWidth, 1), upscale });
  const byHeight = SIZE_HEIGHT.exec(text);
  if (byHeight !== null) return notEmpty(numberAt(byHeight, 1), { kind: 'height', height: numberAt(byHeight, 1), upscale });
  const byPercent = SIZE_PERCENT.exec(text);
  if (byPercent !== null) return notEmpty(numberAt(byPercent, 1), { kind: 'percent', percent: numberAt(byPercent, 1), upscale });
  const both = SIZE_BOTH.exec(text);
  if (both === null) return null;
  const [width, height] = [numberAt(both, 2), numberAt(both, 3)];
  return notEmpty(width * height, { kind: both[1] === '!' ? 'confined' : 'exact', width, height, upscale });
}

function notEmpty(measure: number, size: Size): Size | Refusal {
  return measure === 0 ? EMPTY_SIZE : size;
}

/** 360 is in the range and means 0. https://iiif.io/api/image/3.0/#43-rotation */
export function parseRotation(text: string): Rotation | Refusal {
  const found = ROTATION.exec(text);
  if (found === null) return NOT_A_ROTATION;
  const degrees = numberAt(found, 2);
  if (degrees > 360) return NOT_A_ROTATION;
  return { mirrored: found[1] === '!', degrees: degrees % 360 };
}

/** https://iiif.io/api/image/3.0/#quality and https://iiif.io/api/image/3.0/#45-format */
export function parseQualityAndFormat(text: string): { readonly quality: Quality; readonly format: Format } | Refusal {
  const found = QUALITY_FORMAT.exec(text);
  if (found === null) return text.includes('.') ? NOT_A_QUALITY : NOT_A_FORMAT;
  const quality = QUALITIES.find((each) => each === found[1]);
  if (quality === undefined) return NOT_A_QUALITY;
  const format = FORMATS.find((each) => each === found[2]);
  return format === undefined ? NOT_A_FORMAT : { quality, format };
}

/** Decimals count to ten places (2.1 §4): a double holds five digits before the point and ten after it exactly. */
function numberAt(found: RegExpExecArray, group: number): number {
  return Number(Number(found[group]).toFixed(10));
}
