import { colour, mix } from '../drawing/colour.ts';
import { Field } from '../drawing/field.ts';
import { paperGrain } from '../drawing/finish.ts';
import { layeredNoise } from '../drawing/noise.ts';
import { blankRaster, type Raster } from '../drawing/raster.ts';

const COLOURS = ['#14233c', '#e8dcc0', '#8c2f2b', '#f1e7d0', '#1f4f5c', '#d8a24a', '#14233c', '#c9d5cf', '#6d2440', '#efe3c6'].map(colour);
const TABLE_SIZE = 4096;

/** Combed paper: bands of colour on the bath, drawn through by a rake, back again, and then by the peacock's comb. */
export function drawMarbledPaper(width: number, height: number, scale: number): Raster {
  const raster = blankRaster(width, height);
  const { data } = raster;
  const bands = bandTable();
  const rake = combTable(0.16);
  const comb = combTable(0.22);
  const wander = new Field(width, height, Math.max(2, 8 * scale), (x, y) => layeredNoise(x / scale / 420, y / scale / 420, 4, 21) * 46);
  const sway = new Field(width, height, Math.max(2, 8 * scale), (x, y) => layeredNoise(x / scale / 300, y / scale / 300, 3, 57) * 30);
  const grain = paperGrain(1);
  const shift = new Float32Array(width);
  const lean = new Float32Array(width);
  for (let row = 0; row < height; row += 1) {
    wander.row(row, shift);
    sway.row(row, lean);
    let at = row * width * 3;
    for (let column = 0; column < width; column += 1) {
      let x = column / scale + (lean[column] as number);
      let y = row / scale;
      x += 30 * Math.sin(y * 0.0175);
      y -= 78 * read(comb, x / 64 + 0.25 * Math.sin(y * 0.008));
      x -= 95 * read(rake, y / 128);
      y += 150 * read(rake, x / 150 + 0.5);
      const level = (y + (shift[column] as number)) / 380 + x * 0.00021;
      const band = Math.floor((level - Math.floor(level)) * TABLE_SIZE) * 3;
      const sheen = 1 + 0.035 * (grain[((row & 511) << 9) | (column & 511)] as number) + 0.05 * Math.sin(x * 0.011 + y * 0.004);
      data[at] = Math.min(255, (bands[band] as number) * sheen);
      data[at + 1] = Math.min(255, (bands[band + 1] as number) * sheen);
      data[at + 2] = Math.min(255, (bands[band + 2] as number) * sheen);
      at += 3;
    }
  }
  return raster;
}

/** One turn through the colours: bands of different breadth with narrow seams, a little darker at one rim. */
function bandTable(): Float32Array {
  const edges = [0, 0.12, 0.17, 0.29, 0.335, 0.46, 0.5, 0.66, 0.72, 0.88, 1];
  const table = new Float32Array(TABLE_SIZE * 3);
  for (let index = 0; index < TABLE_SIZE; index += 1) {
    const part = index / TABLE_SIZE;
    const band = edges.findLastIndex((edge) => edge <= part);
    const from = edges[band] ?? 0;
    const to = edges[band + 1] ?? 1;
    const here = COLOURS[band % COLOURS.length] ?? COLOURS[0] ?? [0, 0, 0];
    const next = COLOURS[(band + 1) % COLOURS.length] ?? here;
    const seam = Math.max(0, 1 - (to - part) / 0.0045);
    const inside = (part - from) / (to - from);
    const tone = mix(here, next, seam);
    const depth = 0.88 + 0.16 * Math.sin(inside * Math.PI);
    table.set([tone[0] * depth, tone[1] * depth, tone[2] * depth], index * 3);
  }
  return table;
}

/** How far the bath is drawn along beside a tooth of the comb: most at the tooth, exponentially less away from it. */
function combTable(reach: number): Float32Array {
  return Float32Array.from({ length: TABLE_SIZE }, (_, index) => {
    const part = index / TABLE_SIZE;
    const near = Math.min(part, 1 - part);
    return Math.exp(-near / reach) - Math.exp(-0.5 / reach);
  });
}

function read(table: Float32Array, turns: number): number {
  return table[Math.floor((turns - Math.floor(turns)) * TABLE_SIZE)] as number;
}
