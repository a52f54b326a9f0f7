import { type Colour, colour } from '../drawing/colour.ts';
import { Field } from '../drawing/field.ts';
import { paperGrain } from '../drawing/finish.ts';
import { layeredNoise } from '../drawing/noise.ts';
import { hash } from '../drawing/random.ts';
import { blankRaster, type Raster } from '../drawing/raster.ts';

const NAVY = colour('#1d2a4d');
const GREEN = colour('#23513f');
const RED = colour('#a5302c');
const CREAM = colour('#e6d8b6');
const GOLD = colour('#cf9a3c');
const BLACK = colour('#1b1a1f');

/** Colours and numbers of threads from one edge of the sett to its middle; the other half mirrors it. */
const SETT: readonly (readonly [Colour, number])[] = [
  [RED, 3],
  [NAVY, 22],
  [BLACK, 4],
  [NAVY, 4],
  [BLACK, 4],
  [GREEN, 20],
  [CREAM, 2],
  [GREEN, 8],
  [GOLD, 3],
  [BLACK, 12],
  [RED, 26],
  [CREAM, 3],
];

const THREAD_PIXELS = 7;

/** A tartan in two-over-two twill, thread by thread, with the fall of the cloth. */
export function drawTartan(width: number, height: number, scale: number): Raster {
  const raster = blankRaster(width, height);
  const { data } = raster;
  const threads = sett();
  const pitch = Math.max(1, THREAD_PIXELS * scale);
  const fall = new Field(width, height, Math.max(2, 24 * scale), (x, y) => {
    const u = x / scale / 900;
    const v = y / scale / 900;
    const bend = layeredNoise(u * 0.5, v * 0.5, 2, 5) * 1.4;
    return 0.94 + 0.17 * Math.sin(u * 2.1 + v * 1.1 + bend * 2.4) + 0.1 * layeredNoise(u * 2, v * 2, 3, 9);
  });
  const grain = paperGrain(2);
  const light = new Float32Array(width);
  const across = profile(width, pitch);
  const down = profile(height, pitch);
  for (let y = 0; y < height; y += 1) {
    fall.row(y, light);
    const weft = Math.floor(y / pitch);
    const weftColour = threads[weft % threads.length] as Colour;
    const weftRound = down[y] as number;
    let at = y * width * 3;
    for (let x = 0; x < width; x += 1) {
      const warp = Math.floor(x / pitch);
      const step = (warp + weft) & 3;
      const warpUp = step < 2;
      const thread = warpUp ? (threads[warp % threads.length] as Colour) : weftColour;
      const round = warpUp ? (across[x] as number) : weftRound;
      const along = warpUp ? y / pitch - weft : x / pitch - warp;
      const first = warpUp ? step === 1 : step === 2;
      const float = first ? along * 0.5 : 0.5 + along * 0.5;
      const swell = 0.62 + 0.38 * Math.sqrt(Math.max(0, 1 - (float * 2 - 1) * (float * 2 - 1)));
      const twist = ((warpUp ? x + y * 0.7 : y + x * 0.7) / (pitch * 0.42)) % 1;
      const strand = 0.9 + 0.2 * (twist < 0.5 ? twist : 1 - twist);
      const uneven = 0.93 + 0.14 * hash(warpUp ? warp : weft, warpUp ? 1 : 2, 3);
      const fibre = 1 + 0.1 * (grain[((y & 511) << 9) | (x & 511)] as number);
      const shine = (light[x] as number) * round * swell * strand * uneven * fibre * 1.22;
      data[at] = Math.min(255, thread[0] * shine + 3);
      data[at + 1] = Math.min(255, thread[1] * shine + 2);
      data[at + 2] = Math.min(255, thread[2] * shine + 3);
      at += 3;
    }
  }
  return raster;
}

function sett(): Colour[] {
  const half = SETT.flatMap(([tone, count]) => new Array<Colour>(count).fill(tone));
  return [...half, ...half.toReversed()];
}

/** How round a thread looks across its width: bright on its back, dark in the gap. */
function profile(length: number, pitch: number): Float32Array {
  return Float32Array.from({ length }, (_, position) => {
    const across = ((position + 0.5) / pitch) % 1;
    const side = across * 2 - 1;
    return 0.35 + 0.65 * Math.sqrt(Math.max(0, 1 - side * side * 0.98));
  });
}
