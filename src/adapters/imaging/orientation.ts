/** TIFF 6.0 tag 274 and EXIF: how stored pixels have to be turned to be seen upright. */
import type { Rect, Size } from './raster.ts';

export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What is done to stored pixels, in this order: flip top and bottom, flop left and right, turn clockwise. */
export interface Turn {
  readonly flip: boolean;
  readonly flop: boolean;
  readonly degrees: 0 | 90 | 180 | 270;
}

const TURNS: Readonly<Record<Orientation, Turn>> = {
  1: { flip: false, flop: false, degrees: 0 },
  2: { flip: false, flop: true, degrees: 0 },
  3: { flip: false, flop: false, degrees: 180 },
  4: { flip: true, flop: false, degrees: 0 },
  5: { flip: true, flop: false, degrees: 90 },
  6: { flip: false, flop: false, degrees: 90 },
  7: { flip: false, flop: true, degrees: 90 },
  8: { flip: false, flop: false, degrees: 270 },
};

export function toOrientation(value: number | undefined): Orientation {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 8 ? (value as Orientation) : 1;
}

export function turnOf(orientation: Orientation): Turn {
  return TURNS[orientation];
}

/** The size as seen, of a stored size (and the other way round: the swap is its own inverse). */
export function orientSize(size: Size, orientation: Orientation): Size {
  return orientation >= 5 ? { width: size.height, height: size.width } : { width: size.width, height: size.height };
}

/** Where the pixels of a rectangle as seen are stored. `stored` is the size before turning. */
export function toStoredRect(rect: Rect, stored: Size, orientation: Orientation): Rect {
  const { x, y, width, height } = rect;
  const right = stored.width - x - width;
  const bottom = stored.height - y - height;
  switch (orientation) {
    case 1:
      return rect;
    case 2:
      return { x: right, y, width, height };
    case 3:
      return { x: right, y: bottom, width, height };
    case 4:
      return { x, y: bottom, width, height };
    case 5:
      return { x: y, y: x, width: height, height: width };
    case 6:
      return { x: y, y: stored.height - x - width, width: height, height: width };
    case 7:
      return { x: stored.width - y - height, y: stored.height - x - width, width: height, height: width };
    case 8:
      return { x: stored.width - y - height, y: x, width: height, height: width };
  }
}
