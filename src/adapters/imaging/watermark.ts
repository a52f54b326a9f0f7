import type { Watermark } from '../../domain/access.ts';
import { asCapitals, CAP_HEIGHT, LETTER_SPACE, type Stroke, strokeLetter } from '../../lib/stroke-letters.ts';
import type { Rect, Size } from './raster.ts';

/** Between letters, in units of the drawings. */
const SPACING = 3;
/** A light line in a dark one, so that it shows on any ground. Units. */
const DARK_LINE = 3.2;
const LIGHT_LINE = 1.6;

/** Of a text that stands everywhere: the largest repetition, as a part of the longest side, and how much smaller each next one is. */
const LARGEST_PART = { least: 1 / 3, most: 0.9 };
const CHARACTERS_OF_LEAST_PART = 16;
const NEXT_SMALLER = 4;
/** Pixels of the full image below which there is no smaller repetition. */
const SMALLEST_CELL = 160;
/** Pixels of the output below which a repetition would only be a gray veil. */
const SMALLEST_SEEN_CELL = 32;
const TEXT_PART_OF_CELL = 0.8;
/** Rows, as a multiple of the letters' height. */
const ROW_PER_HEIGHT = 3.2;
const MAX_HEIGHT_OF_CELL = 0.2;

/** Of a text that stands in one place: parts of the image's width and height. */
const CORNER = { width: 1 / 3, height: 0.08, margin: 0.03 };
const CENTER = { width: 0.8, height: 0.25 };

/**
 * SVG elements in pixels of the full image, so that neighbouring regions fit and every scale shows the same. `seen` is the
 * region that is looked at, `scale` output pixels for one of the full image.
 */
export function drawWatermark({ text, opacity, place }: Watermark, full: Size, seen: Rect, scale: number): string {
  const words = drawWords(asCapitals(text));
  const marks = place === 'everywhere' ? placeEverywhere(words, full, seen, scale) : [placeOnce(words, full, place)];
  const copies = marks.map(({ x, y, unit }) => `<use href="#w" transform="translate(${round(x)} ${round(y)}) scale(${unit})"/>`);
  return `<defs><g id="w" fill="none" stroke-linecap="round" stroke-linejoin="round"><path d="${words.path}" stroke="#000" stroke-width="${DARK_LINE}"/><path d="${words.path}" stroke="#fff" stroke-width="${LIGHT_LINE}"/></g></defs><g opacity="${opacity}">${copies.join('')}</g>`;
}

interface Words {
  /** From the upper left corner, in units, y down. */
  readonly path: string;
  readonly width: number;
}

interface Mark {
  readonly x: number;
  readonly y: number;
  /** Pixels of the full image for one unit. */
  readonly unit: number;
}

function drawWords(text: string): Words {
  let pen = 0;
  const paths: string[] = [];
  for (const character of text) {
    const letter = strokeLetter(character);
    paths.push(...(letter?.strokes ?? []).map((stroke) => drawStroke(stroke, pen)));
    pen += (letter?.width ?? LETTER_SPACE) + SPACING;
  }
  return { path: paths.join(''), width: Math.max(1, pen - SPACING) };
}

/** Catmull-Rom through the points, as Bézier curves. */
function drawStroke({ points, smooth }: Stroke, pen: number): string {
  const at = points.map(([x, y]) => ({ x: x + pen, y: CAP_HEIGHT - y }));
  const [first, ...rest] = at;
  if (first === undefined) return '';
  const start = `M${first.x} ${first.y}`;
  if (!smooth) return start + rest.map(({ x, y }) => `L${x} ${y}`).join('');
  const spans = rest.map((to, index) => {
    const from = at[index] ?? to;
    const before = at[index - 1] ?? from;
    const after = at[index + 2] ?? to;
    const leave = { x: from.x + (to.x - before.x) / 6, y: from.y + (to.y - before.y) / 6 };
    const arrive = { x: to.x - (after.x - from.x) / 6, y: to.y - (after.y - from.y) / 6 };
    return `C${round(leave.x)} ${round(leave.y)} ${round(arrive.x)} ${round(arrive.y)} ${to.x} ${to.y}`;
  });
  return start + spans.join('');
}

/** In staggered rows, and in several sizes where the image is large: a thumbnail shows the large ones, a tile the small ones. */
function placeEverywhere(words: Words, full: Size, seen: Rect, scale: number): readonly Mark[] {
  const longest = Math.max(full.width, full.height);
  const part = (LARGEST_PART.least * words.width) / (CHARACTERS_OF_LEAST_PART * 10);
  const marks: Mark[] = [];
  let cell = longest * Math.min(LARGEST_PART.most, Math.max(LARGEST_PART.least, part));
  for (let isLargest = true; isLargest || (cell >= SMALLEST_CELL && cell * scale >= SMALLEST_SEEN_CELL); isLargest = false) {
    marks.push(...placeRows(words, cell, seen));
    cell /= NEXT_SMALLER;
  }
  return marks;
}

function placeRows(words: Words, cell: number, seen: Rect): readonly Mark[] {
  const unit = Math.min((cell * TEXT_PART_OF_CELL) / words.width, (cell * MAX_HEIGHT_OF_CELL) / CAP_HEIGHT);
  const height = unit * CAP_HEIGHT;
  const row = height * ROW_PER_HEIGHT;
  const marks: Mark[] = [];
  for (let down = Math.floor(seen.y / row) - 1; down * row < seen.y + seen.height; down += 1) {
    const shift = (Math.abs(down) % 2) * (cell / 2);
    for (let across = Math.floor((seen.x - shift) / cell) - 1; across * cell + shift < seen.x + seen.width; across += 1) {
      marks.push({ x: across * cell + shift + cell * 0.1, y: down * row + height, unit });
    }
  }
  return marks;
}

function placeOnce(words: Words, full: Size, place: Exclude<Watermark['place'], 'everywhere'>): Mark {
  const room = place === 'center' ? CENTER : CORNER;
  const unit = Math.min((full.width * room.width) / words.width, (full.height * room.height) / CAP_HEIGHT);
  const size = { width: words.width * unit, height: CAP_HEIGHT * unit };
  if (place === 'center') return { x: (full.width - size.width) / 2, y: (full.height - size.height) / 2, unit };
  const margin = CORNER.margin * Math.min(full.width, full.height) + (DARK_LINE * unit) / 2;
  const x = place.endsWith('left') ? margin : full.width - size.width - margin;
  const y = place.startsWith('top') ? margin : full.height - size.height - margin;
  return { x, y, unit };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
