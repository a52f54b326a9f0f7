import { colour } from '../drawing/colour.ts';
import type { Point } from '../drawing/coverage.ts';
import { curve, loop } from '../drawing/curve.ts';
import { Field } from '../drawing/field.ts';
import { Ink } from '../drawing/ink.ts';
import { layeredNoise, noise } from '../drawing/noise.ts';
import { hash } from '../drawing/random.ts';
import { blankRaster, type Raster } from '../drawing/raster.ts';

const TILE = 600;
const COBALT = colour('#1d3f8a');
const PALE_BLUE = colour('#7f9fcf');
const OCHRE = colour('#dda63a');
const WHITE = colour('#f1eee2');

interface Motif {
  readonly dark: Ink;
  readonly pale: Ink;
  readonly ochre: Ink;
}

/** A wall of painted tiles: two designs in turn, cobalt and ochre on tin glaze, brushed by hand, crazed and worn. */
export function drawGlazedTiles(width: number, height: number, scale: number): Raster {
  const raster = blankRaster(width, height);
  const { data } = raster;
  const side = Math.max(8, Math.round(TILE * scale));
  const motifs = [drawRosette(side), drawQuatrefoil(side)] as const;
  const wash = new Field(width, height, Math.max(2, 6 * scale), (x, y) => layeredNoise(x / scale / 46, y / scale / 46, 4, 15));
  const light = new Field(width, height, Math.max(2, 24 * scale), (x, y) => {
    const u = x / width;
    const v = y / height;
    return 1.0 - 0.16 * ((u - 0.42) ** 2 + (v - 0.36) ** 2) + 0.03 * layeredNoise(u * 4, v * 4, 3, 2);
  });
  const crackle = drawCrazing(side, scale);
  const brush = new Float32Array(width);
  const lit = new Float32Array(width);
  const grout = 5 * scale;
  for (let y = 0; y < height; y += 1) {
    wash.row(y, brush);
    light.row(y, lit);
    const row = Math.floor(y / side);
    const ty = y - row * side;
    const edgeY = Math.min(ty + 0.5, side - ty - 0.5);
    const turns = Float32Array.from({ length: Math.ceil(width / side) }, (_, column) => Math.floor(hash(column, row, 9) * 4));
    const firings = Float32Array.from(turns, (_, column) => 0.94 + 0.09 * hash(column, row, 21));
    let at = y * width * 3;
    for (let x = 0; x < width; x += 1) {
      const column = Math.floor(x / side);
      const tx = x - column * side;
      const edge = Math.min(edgeY, tx + 0.5, side - tx - 0.5);
      const turn = turns[column] as number;
      const mx = turn === 0 ? tx : turn === 1 ? ty : turn === 2 ? side - 1 - tx : side - 1 - ty;
      const my = turn === 0 ? ty : turn === 1 ? side - 1 - tx : turn === 2 ? side - 1 - ty : tx;
      const place = my * side + mx;
      const { dark, pale, ochre } = motifs[(column + row) & 1] as Motif;
      const stroke = brush[x] as number;
      const fired = firings[column] as number;
      let r = WHITE[0] * fired;
      let g = WHITE[1] * fired;
      let b = WHITE[2] * fired + 4;
      const yellow = ((ochre.cover[place] as number) / 255) * (0.86 + 0.3 * stroke);
      r += (OCHRE[0] - r) * yellow;
      g += (OCHRE[1] - g) * yellow;
      b += (OCHRE[2] - b) * yellow;
      const thin = ((pale.cover[place] as number) / 255) * (0.72 + 0.6 * stroke);
      r += (PALE_BLUE[0] - r) * thin;
      g += (PALE_BLUE[1] - g) * thin;
      b += (PALE_BLUE[2] - b) * thin;
      const thick = ((dark.cover[place] as number) / 255) * Math.min(1, 0.86 + 0.42 * stroke);
      r += (COBALT[0] - r) * thick;
      g += (COBALT[1] - g) * thick;
      b += (COBALT[2] - b) * thick;
      const craze = 1 - 0.13 * ((crackle.cover[((ty + column * 37) % side) * side + ((tx + row * 53) % side)] as number) / 255);
      const pillow = edge < grout * 5 ? 0.86 + 0.14 * (edge / (grout * 5)) : 1;
      const glint = edge < grout * 4 && edge > grout * 1.6 && ty < side / 2 && edgeY === edge ? 16 : 0;
      const shadeHere = (lit[x] as number) * craze * pillow;
      if (edge < grout) {
        const dirt = 0.75 + 0.2 * stroke;
        r = 150 * dirt;
        g = 142 * dirt;
        b = 128 * dirt;
      }
      data[at] = Math.min(255, r * shadeHere + glint);
      data[at + 1] = Math.min(255, g * shadeHere + glint);
      data[at + 2] = Math.min(255, b * shadeHere + glint);
      at += 3;
    }
  }
  return raster;
}

/** Draws every stroke eight times, mirrored about the middle and the diagonals of the tile. */
function eightfold(side: number, points: readonly Point[], draw: (points: Point[]) => void): void {
  for (let image = 0; image < 8; image += 1) {
    draw(
      points.map(([px, py]): Point => {
        const [x, y] = image & 1 ? [py, px] : [px, py];
        return [(0.5 + (image & 2 ? -x : x)) * side, (0.5 + (image & 4 ? -y : y)) * side];
      }),
    );
  }
}

function drawRosette(side: number): Motif {
  const dark = new Ink(side, side);
  const pale = new Ink(side, side);
  const ochre = new Ink(side, side);
  const c = side / 2;
  pale.ring(c, c, side * 0.395, side * 0.022);
  dark.ring(c, c, side * 0.42, side * 0.006);
  dark.ring(c, c, side * 0.37, side * 0.006);
  for (let bead = 0; bead < 48; bead += 1) {
    const a = (bead * Math.PI) / 24;
    dark.disc(c + Math.cos(a) * side * 0.395, c + Math.sin(a) * side * 0.395, side * 0.0085);
  }
  const petal = (reach: number, breadth: number, turn: number): Point[] =>
    curve(
      [
        [0.07, 0],
        [reach * 0.45, breadth],
        [reach * 0.8, breadth * 0.72],
        [reach, 0],
        [reach * 0.8, -breadth * 0.72],
        [reach * 0.45, -breadth],
        [0.07, 0],
      ],
      8,
    ).map(
      ([x, y]): Point => [(0.5 + x * Math.cos(turn) - y * Math.sin(turn)) * side, (0.5 + x * Math.sin(turn) + y * Math.cos(turn)) * side],
    );
  for (let leaf = 0; leaf < 8; leaf += 1) {
    const turn = (leaf * Math.PI) / 4;
    const long = leaf % 2 === 0;
    const outline = petal(long ? 0.35 : 0.3, long ? 0.075 : 0.06, turn);
    (long ? pale : ochre).fill(outline);
    dark.path(outline, side * 0.0065);
    const vein = petal(long ? 0.27 : 0.22, 0.022, turn);
    dark.fill(vein, 0.85);
    for (let rib = 1; rib < 6; rib += 1) {
      const along = 0.1 + rib * (long ? 0.036 : 0.03);
      for (const way of [1, -1]) {
        dark.line(
          (0.5 + along * Math.cos(turn)) * side,
          (0.5 + along * Math.sin(turn)) * side,
          (0.5 + (along + 0.025) * Math.cos(turn) - way * 0.05 * Math.sin(turn)) * side,
          (0.5 + (along + 0.025) * Math.sin(turn) + way * 0.05 * Math.cos(turn)) * side,
          side * 0.0025,
        );
      }
    }
  }
  ochre.disc(c, c, side * 0.075);
  dark.ring(c, c, side * 0.075, side * 0.008);
  dark.ring(c, c, side * 0.045, side * 0.005);
  dark.disc(c, c, side * 0.022);
  eightfold(
    side,
    curve(
      [
        [0.5, 0.3],
        [0.44, 0.34],
        [0.405, 0.405],
      ],
      10,
    ),
    (points) => dark.path(points, side * 0.007),
  );
  eightfold(
    side,
    curve(
      [
        [0.5, 0.36],
        [0.47, 0.4],
        [0.47, 0.47],
      ],
      10,
    ),
    (points) => pale.path(points, side * 0.018),
  );
  eightfold(
    side,
    curve(
      [
        [0.36, 0.36],
        [0.42, 0.4],
        [0.44, 0.36],
        [0.41, 0.34],
        [0.395, 0.365],
      ],
      8,
    ),
    (points) => dark.brush(points, (part) => side * (0.009 - 0.006 * part)),
  );
  eightfold(
    side,
    loop(0.5, 0.5, 24, () => 0.075),
    (points) => ochre.fill(points),
  );
  eightfold(
    side,
    loop(0.5, 0.5, 40, () => 0.078),
    (points) => dark.path([...points, points[0] as Point], side * 0.006),
  );
  return { dark, pale, ochre };
}

function drawQuatrefoil(side: number): Motif {
  const dark = new Ink(side, side);
  const pale = new Ink(side, side);
  const ochre = new Ink(side, side);
  const c = side / 2;
  for (const [dx, dy] of [
    [0.17, 0],
    [-0.17, 0],
    [0, 0.17],
    [0, -0.17],
  ] as const) {
    pale.disc(c + dx * side, c + dy * side, side * 0.19);
  }
  for (const [dx, dy] of [
    [0.17, 0],
    [-0.17, 0],
    [0, 0.17],
    [0, -0.17],
  ] as const) {
    pale.cut(loop(c + dx * side, c + dy * side, 60, () => side * 0.15));
    for (let dot = 0; dot < 15; dot += 1) {
      const a = Math.atan2(dy, dx) + ((dot - 7) * Math.PI) / 11;
      dark.disc(c + dx * side + Math.cos(a) * side * 0.17, c + dy * side + Math.sin(a) * side * 0.17, side * 0.0075);
      dark.line(
        c + dx * side + Math.cos(a) * side * 0.19,
        c + dy * side + Math.sin(a) * side * 0.19,
        c + dx * side + Math.cos(a + 0.2) * side * 0.19,
        c + dy * side + Math.sin(a + 0.2) * side * 0.19,
        side * 0.006,
      );
    }
  }
  eightfold(
    side,
    curve(
      [
        [0.0, 0.04],
        [0.05, 0.14],
        [0.02, 0.22],
        [0.06, 0.28],
        [0.0, 0.34],
      ],
      8,
    ),
    (points) => dark.brush(points, (part) => side * (0.008 + 0.01 * Math.sin(part * Math.PI))),
  );
  eightfold(
    side,
    curve(
      [
        [0.03, 0.2],
        [0.09, 0.21],
        [0.1, 0.15],
        [0.06, 0.13],
        [0.055, 0.165],
      ],
      8,
    ),
    (points) => dark.brush(points, (part) => side * (0.01 - 0.007 * part)),
  );
  eightfold(
    side,
    curve(
      [
        [0, 0.26],
        [0.035, 0.3],
        [0, 0.36],
      ],
      8,
    ),
    (points) => ochre.fill(points),
  );
  eightfold(
    side,
    loop(0.3, 0.3, 30, (a) => 0.036 + 0.016 * Math.cos(a * 4)),
    (points) => ochre.fill(points),
  );
  eightfold(
    side,
    loop(0.3, 0.3, 60, (a) => 0.04 + 0.016 * Math.cos(a * 4)),
    (points) => dark.path([...points, points[0] as Point], side * 0.005),
  );
  eightfold(
    side,
    curve(
      [
        [0.5, 0.22],
        [0.42, 0.24],
        [0.36, 0.3],
        [0.37, 0.37],
        [0.43, 0.37],
        [0.43, 0.32],
        [0.4, 0.325],
      ],
      8,
    ),
    (points) => dark.brush(points, (part) => side * (0.012 - 0.008 * part)),
  );
  eightfold(
    side,
    loop(0.5, 0.5, 24, () => 0.075),
    (points) => ochre.fill(points),
  );
  eightfold(
    side,
    loop(0.5, 0.5, 40, () => 0.078),
    (points) => dark.path([...points, points[0] as Point], side * 0.006),
  );
  eightfold(
    side,
    curve(
      [
        [0.5, 0.12],
        [0.47, 0.06],
        [0.44, 0],
      ],
      8,
    ),
    (points) => pale.path(points, side * 0.014),
  );
  ochre.disc(c, c, side * 0.05);
  dark.ring(c, c, side * 0.052, side * 0.008);
  return { dark, pale, ochre };
}

/** Fine cracks in the glaze: the borders between cells of scattered points. */
function drawCrazing(side: number, scale: number): Ink {
  const ink = new Ink(side, side);
  const cells = 9;
  const pitch = side / cells;
  const seedPoint = (column: number, row: number): Point => {
    const wrappedX = (column + cells) % cells;
    const wrappedY = (row + cells) % cells;
    return [(column + hash(wrappedX, wrappedY, 5)) * pitch, (row + hash(wrappedX, wrappedY, 6)) * pitch];
  };
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      let first = Number.POSITIVE_INFINITY;
      let second = first;
      const px = x + 5 * scale * noise(x / scale / 9, y / scale / 9, 31);
      const py = y + 5 * scale * noise(x / scale / 9, y / scale / 9, 32);
      const column = Math.floor(px / pitch);
      const row = Math.floor(py / pitch);
      for (let near = 0; near < 9; near += 1) {
        const [qx, qy] = seedPoint(column - 1 + (near % 3), row - 1 + Math.floor(near / 3));
        const d = Math.hypot(qx - px, qy - py);
        second = Math.min(second, Math.max(first, d));
        first = Math.min(first, d);
      }
      const gap = (second - first) / scale;
      ink.cover[y * side + x] = gap < 1.6 ? 255 * (1 - gap / 1.6) : 0;
    }
  }
  return ink;
}
