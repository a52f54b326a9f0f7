import sharp from 'sharp';
import { drawSample } from '../../src/lab/samples/draw-sample.ts';
import { colour } from '../../src/lab/samples/drawing/colour.ts';
import { Ink } from '../../src/lab/samples/drawing/ink.ts';
import { writeText } from '../../src/lab/samples/drawing/lettering.ts';
import { type ColourRaster, stain } from '../../src/lab/samples/drawing/raster.ts';

export interface FilmSize {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly seconds: number;
}

/** The map is drawn at this part of its size. */
const MAP_SCALE = 0.3;
const INK = colour('#2b1d12');
const PAPER = colour('#f6ecd2');

/** A voyage over the map of the Glass Isles, with the time in a corner: raw RGB frames, one after the other. */
export async function* drawVoyage({ width, height, framesPerSecond, seconds }: FilmSize): AsyncGenerator<Uint8Array> {
  const [map] = drawSample('open/maps/glass-isles.tif', MAP_SCALE);
  if (map === undefined) throw new Error('The map has a page.');
  const count = framesPerSecond * seconds;
  for (let frame = 0; frame < count; frame += 1) {
    const { left, top, across } = lookAt(map, frame / (count - 1), width / height);
    const pixels = await sharp(map.data, { raw: { width: map.width, height: map.height, channels: 3 } })
      .extract({ left, top, width: across, height: Math.round((across * height) / width) })
      .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
      .raw()
      .toBuffer();
    const picture: ColourRaster = { width, height, channels: 3, data: new Uint8Array(pixels) };
    writeTime(picture, frame / framesPerSecond);
    yield picture.data;
  }
}

/** From the whole map into its middle, and along a slow arc. */
function lookAt(map: { width: number; height: number }, progress: number, shape: number): { left: number; top: number; across: number } {
  const eased = progress * progress * (3 - 2 * progress);
  const across = Math.round(map.width * (0.92 - 0.52 * eased));
  const down = across / shape;
  const x = map.width * (0.5 + 0.14 * Math.sin(eased * 4.2));
  const y = map.height * (0.5 - 0.12 * Math.sin(eased * 3.1));
  return {
    left: Math.round(Math.min(map.width - across, Math.max(0, x - across / 2))),
    top: Math.round(Math.min(map.height - down - 1, Math.max(0, y - down / 2))),
    across,
  };
}

function writeTime(picture: ColourRaster, seconds: number): void {
  const size = picture.height / 14;
  const text = `0:${seconds.toFixed(1).padStart(4, '0')}`;
  for (const [tone, weight] of [
    [PAPER, 0.2],
    [INK, 0.08],
  ] as const) {
    const ink = new Ink(picture.width, picture.height);
    writeText(ink, text, size * 0.8, picture.height - size * 0.8, { size, weight });
    stain(picture, ink, tone);
  }
}
