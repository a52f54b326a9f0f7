import { seededRandom, shuffled } from './random.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** One stored tile of a pyramid: `x,y,w,h/w,h`, and whether it lies on the right or lower edge. */
export interface Tile {
  readonly parameters: string;
  readonly edge: boolean;
}

const SIDE = 256;
/** Of a viewer's window. */
const WINDOW = { width: 1400, height: 900 };
const VIEWS = 800;

/** What a deep-zoom viewer asks for, shuffled: the tiles under its window, at any zoom and place. Tiles come again. */
export function viewerTiles(size: PictureSize, seed = 1): readonly Tile[] {
  const random = seededRandom(seed);
  const levels = levelsOf(size);
  const tiles = Array.from({ length: VIEWS }, () => {
    // Every visit begins with the whole and goes into some of the detail: small levels are asked for more often than large ones.
    const level = levels[Math.floor(random() ** 0.75 * levels.length)];
    return level === undefined ? [] : tilesUnderWindow(level, size, random);
  });
  return shuffled(tiles.flat(), random);
}

/** The same without those that come again. */
export function distinct(tiles: readonly Tile[]): readonly Tile[] {
  return [...new Map(tiles.map((tile) => [tile.parameters, tile])).values()];
}

interface Level extends PictureSize {
  readonly scale: number;
}

function levelsOf({ width, height }: PictureSize): readonly Level[] {
  const levels: Level[] = [];
  for (let scale = 1; ; scale *= 2) {
    levels.push({ scale, width: Math.ceil(width / scale), height: Math.ceil(height / scale) });
    if (Math.max(width, height) <= SIDE * scale) return levels;
  }
}

function tilesUnderWindow(level: Level, size: PictureSize, random: () => number): readonly Tile[] {
  const columns = under(level.width, WINDOW.width, random);
  const rows = under(level.height, WINDOW.height, random);
  return rows.flatMap((row) => columns.map((column) => tileAt(column, row, level, size)));
}

/** Numbers of columns or rows of tiles under a window whose middle is somewhere on a level. */
function under(length: number, window: number, random: () => number): readonly number[] {
  const start = Math.floor(random() * length - window / 2);
  const [first, last] = [Math.floor(Math.max(start, 0) / SIDE), Math.floor((Math.min(start + window, length) - 1) / SIDE)];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function tileAt(column: number, row: number, { scale }: Level, size: PictureSize): Tile {
  const [x, y] = [column * SIDE * scale, row * SIDE * scale];
  const [width, height] = [Math.min(SIDE * scale, size.width - x), Math.min(SIDE * scale, size.height - y)];
  return {
    parameters: `${x},${y},${width},${height}/${Math.ceil(width / scale)},${Math.ceil(height / scale)}`,
    edge: x + width === size.width || y + height === size.height,
  };
}
