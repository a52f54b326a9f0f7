import type { Rect, Size } from './raster.ts';

/** Which stored or made version of a picture to read, and where in it the wanted pixels are. */
export interface LevelChoice {
  /** Position in the list that was given. */
  readonly index: number;
  readonly rect: Rect;
  /** Columns and rows that the level lacks at the right and the bottom edge; made by repeating the last ones. */
  readonly missing: Size;
  /** Whether `rect` with what is missing has the wanted size already, so that nothing is resampled. */
  readonly exact: boolean;
}

/**
 * Chooses the smallest level that still has at least the wanted resolution. `levels` is largest first, and its first is the full size.
 * Where the scale is a whole number and the region lies on the grid of the level, as with all tiles that the information
 * document offers, pixels are taken as they are: neighbouring tiles then fit without a seam. From place `stored` on, levels are made.
 */
export function chooseLevel(levels: readonly Size[], region: Rect, wanted: Size, stored = levels.length): LevelChoice {
  const full = levels[0] ?? { width: region.width, height: region.height };
  let index = 0;
  levels.forEach((level, i) => {
    if (isEnough(full, scaleOf(full, level), region, wanted)) index = i;
  });
  const level = levels[index] ?? full;
  const scale = scaleOf(full, level);
  const isMade = index >= stored;
  const across = along(region.x, region.width, wanted.width, scale.x, level.width, full.width, isMade);
  const down = along(region.y, region.height, wanted.height, scale.y, level.height, full.height, isMade);
  const exact = across.exact && down.exact;
  return {
    index,
    rect: { x: across.from, y: down.from, width: across.length, height: down.length },
    missing: exact ? { width: across.missing, height: down.missing } : { width: 0, height: 0 },
    exact,
  };
}

/** At the right and the bottom edge a pixel of a level may stand for less than a whole one: the last tile of a row is such a case. */
function isEnough(full: Size, scale: { x: number; y: number }, region: Rect, wanted: Size): boolean {
  const most = 2 * Math.max(region.width / wanted.width, region.height / wanted.height);
  if (scale.x > 1 && Math.max(scale.x, scale.y) >= most) return false;
  return (
    suffices(region.x, region.width, wanted.width, scale.x, full.width) &&
    suffices(region.y, region.height, wanted.height, scale.y, full.height)
  );
}

function suffices(start: number, length: number, wanted: number, scale: number, fullLength: number): boolean {
  if (length / scale >= wanted) return true;
  return start + length === fullLength && Number.isInteger(start / scale) && Math.ceil(length / scale) === wanted;
}

interface Span {
  readonly from: number;
  readonly length: number;
  readonly missing: number;
  readonly exact: boolean;
}

function along(
  start: number,
  length: number,
  wanted: number,
  scale: number,
  levelLength: number,
  fullLength: number,
  isMade: boolean,
): Span {
  const from = start / scale;
  const to = (start + length) / scale;
  const atEnd = start + length === fullLength;
  const fits = Number.isInteger(from) && from < levelLength && Math.ceil(to) - from === wanted && (Number.isInteger(to) || atEnd);
  if (fits) {
    const end = Math.min(from + wanted, levelLength);
    return { from, length: end - from, missing: from + wanted - end, exact: true };
  }
  // Off the grid the nearest pixels are taken. A level that was made stands for the whole picture, edge to edge; of a stored one, the last pixel may be a partial one.
  const ratio = isMade ? levelLength / fullLength : 1 / scale;
  const first = Math.min(Math.round(start * ratio), levelLength - 1);
  const end = Math.min(Math.max(first + 1, Math.round((start + length) * ratio)), levelLength);
  return { from: first, length: end - first, missing: 0, exact: end - first === wanted };
}

/** Full pixels for one level pixel. A whole number where rounding explains the difference: the last column of a level may be a partial one. */
export function scaleOf(full: Size, level: Size): { x: number; y: number } {
  const power = 2 ** Math.round(Math.log2(Math.max(full.width / level.width, full.height / level.height)));
  return { x: wholeScale(full.width, level.width, power), y: wholeScale(full.height, level.height, power) };
}

function wholeScale(full: number, level: number, power: number): number {
  if (Math.abs(full / power - level) < 1) return power;
  const whole = Math.round(full / level);
  return Math.abs(full / whole - level) < 1 ? whole : full / level;
}

/** The full size, and halves of it down to one pixel, each side rounded up: what is made where nothing is stored. */
export function halvings(full: Size): readonly Size[] {
  const levels: Size[] = [full];
  for (let scale = 2; Math.max(full.width, full.height) / (scale / 2) > 1; scale *= 2) {
    levels.push({ width: Math.ceil(full.width / scale), height: Math.ceil(full.height / scale) });
  }
  return levels;
}
