import type { Watermark, WatermarkImage } from '../../domain/access.ts';
import { asCapitals, CAP_HEIGHT, LETTER_SPACE, type Stroke, strokeLetter } from '../../lib/stroke-letters.ts';
import type { Rect, Size } from './raster.ts';
import { sharp } from './sharp-library.ts';

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
const PART_OF_CELL = 0.8;

/** How much room a mark gets. */
interface Room {
  /** Rows, as a multiple of its height. */
  readonly rowPerHeight: number;
  readonly maxHeightOfCell: number;
  /** Where it stands in one place: parts of the image's width and height. */
  readonly corner: { readonly width: number; readonly height: number };
  readonly center: { readonly width: number; readonly height: number };
}
const ROOM_OF_TEXT: Room = {
  rowPerHeight: 3.2,
  maxHeightOfCell: 0.2,
  corner: { width: 1 / 3, height: 0.08 },
  center: { width: 0.8, height: 0.25 },
};
const ROOM_OF_IMAGE: Room = {
  rowPerHeight: 2,
  maxHeightOfCell: 0.5,
  corner: { width: 0.25, height: 0.2 },
  center: { width: 0.6, height: 0.6 },
};
/** Between a mark in a corner and the edges, as a part of the shorter side. */
const MARGIN = 0.03;
/** An image is drawn from one that is no larger, for every tile anew. Pixels. */
const LARGEST_IMAGE_SIDE = 800;

/** What is drawn once or many times over: SVG, from the upper left corner, in units of its own. */
export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  /** The largest of its repetitions, as a part of the longest side. */
  readonly largestPart: number;
  readonly room: Room;
}

/** Images are decoded once for each access file that names them. */
const images = new WeakMap<WatermarkImage, Promise<Drawing>>();

export async function drawMark(mark: Watermark['mark']): Promise<Drawing> {
  if (typeof mark === 'string') return drawWords(asCapitals(mark));
  const known = images.get(mark) ?? drawImage(mark);
  images.set(mark, known);
  return known;
}

/**
 * SVG elements in pixels of the full image, so that neighbouring regions fit and every scale shows the same. `seen` is the
 * region that is looked at, `scale` output pixels for one of the full image.
 */
export function placeWatermark(
  drawing: Drawing,
  { opacity, place }: Pick<Watermark, 'opacity' | 'place'>,
  full: Size,
  seen: Rect,
  scale: number,
): string {
  const marks = place === 'everywhere' ? placeEverywhere(drawing, full, seen, scale) : [placeOnce(drawing, full, place)];
  const copies = marks.map(({ x, y, unit }) => `<use href="#w" transform="translate(${round(x)} ${round(y)}) scale(${unit})"/>`);
  return `<defs><g id="w">${drawing.svg}</g></defs><g opacity="${opacity}">${copies.join('')}</g>`;
}

async function drawImage({ bytes }: WatermarkImage): Promise<Drawing> {
  const side = { width: LARGEST_IMAGE_SIDE, height: LARGEST_IMAGE_SIDE, fit: 'inside', withoutEnlargement: true } as const;
  const { data, info } = await sharp(bytes).autoOrient().resize(side).toColourspace('srgb').png().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const svg = `<image width="${width}" height="${height}" href="data:image/png;base64,${data.toString('base64')}"/>`;
  return { svg, width, height, largestPart: LARGEST_PART.least, room: ROOM_OF_IMAGE };
}

interface Mark {
  readonly x: number;
  readonly y: number;
  /** Pixels of the full image for one unit. */
  readonly unit: number;
}

function drawWords(text: string): Drawing {
  let pen = 0;
  const paths: string[] = [];
  for (const character of text) {
    const letter = strokeLetter(character);
    paths.push(...(letter?.strokes ?? []).map((stroke) => drawStroke(stroke, pen)));
    pen += (letter?.width ?? LETTER_SPACE) + SPACING;
  }
  const width = Math.max(1, pen - SPACING);
  const path = paths.join('');
  const lines = [
    `<path d="${path}" stroke="#000" stroke-width="${DARK_LINE}"/>`,
    `<path d="${path}" stroke="#fff" stroke-width="${LIGHT_LINE}"/>`,
  ];
  const part = (LARGEST_PART.least * width) / (CHARACTERS_OF_LEAST_PART * 10);
  return {
    svg: `<g fill="none" stroke-linecap="round" stroke-linejoin="round">${lines.join('')}</g>`,
    width,
    height: CAP_HEIGHT,
    largestPart: Math.min(LARGEST_PART.most, Math.max(LARGEST_PART.least, part)),
    room: ROOM_OF_TEXT,
  };
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
function placeEverywhere(drawing: Drawing, full: Size, seen: Rect, scale: number): readonly Mark[] {
  const marks: Mark[] = [];
  let cell = Math.max(full.width, full.height) * drawing.largestPart;
  for (let isLargest = true; isLargest || (cell >= SMALLEST_CELL && cell * scale >= SMALLEST_SEEN_CELL); isLargest = false) {
    marks.push(...placeRows(drawing, cell, seen));
    cell /= NEXT_SMALLER;
  }
  return marks;
}

function placeRows(drawing: Drawing, cell: number, seen: Rect): readonly Mark[] {
  const { rowPerHeight, maxHeightOfCell } = drawing.room;
  const unit = Math.min((cell * PART_OF_CELL) / drawing.width, (cell * maxHeightOfCell) / drawing.height);
  const height = unit * drawing.height;
  const row = height * rowPerHeight;
  const marks: Mark[] = [];
  for (let down = Math.floor(seen.y / row) - 1; down * row < seen.y + seen.height; down += 1) {
    const shift = (Math.abs(down) % 2) * (cell / 2);
    for (let across = Math.floor((seen.x - shift) / cell) - 1; across * cell + shift < seen.x + seen.width; across += 1) {
      marks.push({ x: across * cell + shift + cell * 0.1, y: down * row + height, unit });
    }
  }
  return marks;
}

function placeOnce({ width, height, room }: Drawing, full: Size, place: Exclude<Watermark['place'], 'everywhere'>): Mark {
  const { center, corner } = room;
  const part = place === 'center' ? center : corner;
  const unit = Math.min((full.width * part.width) / width, (full.height * part.height) / height);
  const size = { width: width * unit, height: height * unit };
  if (place === 'center') return { x: (full.width - size.width) / 2, y: (full.height - size.height) / 2, unit };
  const margin = MARGIN * Math.min(full.width, full.height) + (DARK_LINE * unit) / 2;
  const x = place.endsWith('left') ? margin : full.width - size.width - margin;
  const y = place.startsWith('top') ? margin : full.height - size.height - margin;
  return { x, y, unit };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
