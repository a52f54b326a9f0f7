import type { Point } from '../drawing/coverage.ts';
import { curve } from '../drawing/curve.ts';
import { paperGrain } from '../drawing/finish.ts';
import { Ink } from '../drawing/ink.ts';
import { blankRaster, type Raster } from '../drawing/raster.ts';

const SECTORS = 16;

/** A round of bobbin lace on nothing at all: threads where there is thread, transparent where there is none. */
export function drawLace(width: number, height: number, scale: number): Raster {
  const ink = new Ink(width, height);
  const centre: Point = [width / 2, height / 2];
  const k = scale;
  const at = (radius: number, turn: number): Point => {
    const a = (turn * Math.PI * 2) / SECTORS;
    return [centre[0] + Math.cos(a) * radius * k, centre[1] + Math.sin(a) * radius * k];
  };
  drawHeart(ink, centre, at, k);
  drawNet(ink, at, 215, 470, 6, k);
  drawBand(ink, centre, 205, k);
  drawBand(ink, centre, 490, k);
  for (let sector = 0; sector < SECTORS; sector += 1) {
    drawLeafSprays(ink, at, sector, k);
  }
  drawNet(ink, at, 800, 900, 10, k);
  drawBand(ink, centre, 790, k);
  drawBand(ink, centre, 915, k);
  for (let sector = 0; sector < SECTORS * 2; sector += 1) {
    drawScallop(ink, at, sector / 2, k);
  }
  return thread(ink, width, height);
}

type Place = (radius: number, turn: number) => Point;

function drawHeart(ink: Ink, [cx, cy]: Point, at: Place, k: number): void {
  for (let petal = 0; petal < 8; petal += 1) {
    const turn = petal * 2;
    ink.path(
      curve(
        [at(34, turn), at(110, turn + 0.75), at(172, turn + 0.5), at(190, turn), at(172, turn - 0.5), at(110, turn - 0.75), at(34, turn)],
        8,
      ),
      4 * k,
    );
    for (let pass = -5; pass <= 5; pass += 1) {
      const reach = 165 - Math.abs(pass) * 7;
      ink.path([at(46, turn + pass * 0.06), at(reach, turn + pass * 0.1)], 1.3 * k);
    }
    for (let rung = 0; rung < 11; rung += 1) {
      const r = 56 + rung * 11;
      ink.path([at(r, turn - 0.5 + rung * 0.006), at(r + 3, turn + 0.5)], 1.1 * k);
    }
    ink.path([at(190, turn), at(205, turn)], 3 * k);
    ink.path(curve([at(172, turn + 0.5), at(196, turn + 1), at(172, turn + 1.5)], 8), 2 * k);
  }
  for (const r of [12, 22, 34]) {
    ink.ring(cx, cy, r * k, 2.6 * k);
  }
}

/** A braid between two rings: threads that cross as they run round. */
function drawBand(ink: Ink, [cx, cy]: Point, radius: number, k: number): void {
  for (const strand of [0, 1, 2]) {
    const points: Point[] = [];
    const waves = Math.round(radius * 0.16);
    for (let step = 0; step <= waves * 12; step += 1) {
      const a = (step / (waves * 12)) * Math.PI * 2;
      const r = radius + 7 * Math.sin(a * waves + (strand * Math.PI * 2) / 3);
      points.push([cx + Math.cos(a) * r * k, cy + Math.sin(a) * r * k]);
    }
    ink.path(points, 2.2 * k);
  }
  ink.ring(cx, cy, (radius - 13) * k, 1.6 * k);
  ink.ring(cx, cy, (radius + 13) * k, 1.6 * k);
}

/** A net of two families of spirals, tied where they cross. */
function drawNet(ink: Ink, at: Place, inner: number, outer: number, fine: number, k: number): void {
  const count = SECTORS * fine;
  for (let line = 0; line < count; line += 1) {
    for (const way of [-1, 1]) {
      const points: Point[] = [];
      for (let step = 0; step <= 24; step += 1) {
        const t = step / 24;
        points.push(at(inner + (outer - inner) * t, line / fine + way * t * (fine > 8 ? 0.5 : 1)));
      }
      ink.path(points, 1.15 * k);
    }
    const ties = fine > 8 ? 11 : 13;
    for (let tie = 1; tie < ties; tie += 1) {
      const t = tie / (ties - 1);
      const [x, y] = at(inner + (outer - inner) * t, line / fine + ((t * (fine > 8 ? 0.5 : 1)) % (1 / fine)));
      ink.disc(x, y, 2.2 * k);
    }
  }
}

/** Leaves of close cloth on a stem, with a flower between, held by bars. */
function drawLeafSprays(ink: Ink, at: Place, sector: number, k: number): void {
  ink.path(curve([at(503, sector), at(560, sector + 0.1), at(640, sector - 0.08), at(720, sector)], 10), 4 * k);
  for (const [radius, turn, length, lean] of [
    [540, 0.03, 95, 0.42],
    [540, 0.03, 95, -0.42],
    [620, 0, 100, 0.4],
    [620, 0, 100, -0.4],
    [705, 0, 72, 0.27],
    [705, 0, 72, -0.27],
    [705, 0, 88, 0],
  ] as const) {
    drawClothLeaf(ink, at, radius, sector + turn, length, lean, k);
  }
  const middle = sector + 0.5;
  for (let petal = 0; petal < 6; petal += 1) {
    const a = (petal * Math.PI) / 3;
    const [x, y] = at(556, middle);
    const px = x + Math.cos(a) * 22 * k;
    const py = y + Math.sin(a) * 22 * k;
    ink.ring(px, py, 12 * k, 2.2 * k);
    ink.ring(px, py, 6 * k, 1.2 * k);
    ink.line(x, y, px, py, 1.2 * k);
  }
  const [fx, fy] = at(556, middle);
  ink.disc(fx, fy, 7 * k);
  for (const [from, to] of [
    [
      [503, 0.5],
      [530, 0.5],
    ],
    [
      [582, 0.5],
      [640, 0.5],
    ],
    [
      [556, 0.38],
      [556, 0.32],
    ],
    [
      [556, 0.62],
      [556, 0.68],
    ],
    [
      [690, 0.5],
      [778, 0.5],
    ],
    [
      [678, 0.46],
      [692, 0.4],
    ],
    [
      [678, 0.54],
      [692, 0.6],
    ],
    [
      [735, 0.5],
      [757, 0.27],
    ],
    [
      [735, 0.5],
      [757, 0.73],
    ],
  ] as const) {
    ink.line(...at(from[0], sector + from[1]), ...at(to[0], sector + to[1]), 1.5 * k);
  }
  const [gx, gy] = at(665, middle);
  ink.ring(gx, gy, 24 * k, 2.4 * k);
  ink.ring(gx, gy, 14 * k, 1.4 * k);
  for (let spoke = 0; spoke < 8; spoke += 1) {
    const a = (spoke * Math.PI) / 4;
    ink.line(gx + Math.cos(a) * 5 * k, gy + Math.sin(a) * 5 * k, gx + Math.cos(a) * 24 * k, gy + Math.sin(a) * 24 * k, 1 * k);
  }
}

function drawClothLeaf(ink: Ink, at: Place, radius: number, turn: number, length: number, lean: number, k: number): void {
  const tip = at(radius + length * (lean === 0 ? 1 : 0.72), turn + lean);
  const root = at(radius, turn);
  const dx = tip[0] - root[0];
  const dy = tip[1] - root[1];
  const place = (along: number, across: number): Point => [root[0] + dx * along - dy * across, root[1] + dy * along + dx * across];
  const half = (along: number): number => 0.24 * Math.sin(Math.PI * along ** 0.8);
  const left: Point[] = [];
  const right: Point[] = [];
  for (let step = 0; step <= 20; step += 1) {
    const t = step / 20;
    left.push(place(t, half(t)));
    right.push(place(t, -half(t)));
  }
  ink.path(left, 2.6 * k);
  ink.path(right, 2.6 * k);
  for (let pass = -4; pass <= 4; pass += 1) {
    const points: Point[] = [];
    for (let step = 1; step <= 15; step += 1) {
      const t = step / 16;
      points.push(place(t, (half(t) * pass) / 5));
    }
    ink.path(points, 0.95 * k);
  }
  const picks = Math.round(Math.hypot(dx, dy) / (5.4 * k));
  for (let pick = 1; pick < picks; pick += 1) {
    const t = pick / picks;
    ink.line(...place(t, half(t)), ...place(t, -half(t)), 0.95 * k);
  }
}

/** The edge: fans with picots. */
function drawScallop(ink: Ink, at: Place, turn: number, k: number): void {
  const arc = (r: number, half: number): Point[] =>
    Array.from({ length: 25 }, (_, step) => at(928 + r * Math.sin((step / 24) * Math.PI) ** 0.72, turn + 0.25 + half * (1 - step / 12)));
  for (const [r, half, thick] of [
    [176, 0.246, 3.2],
    [160, 0.226, 1.4],
    [118, 0.19, 2.2],
    [70, 0.13, 2],
  ] as const) {
    ink.path(arc(r, half), thick * k);
  }
  for (let stick = 0; stick <= 24; stick += 1) {
    const inner = arc(70, 0.13)[stick] as Point;
    const outer = arc(160, 0.226)[stick] as Point;
    ink.line(inner[0], inner[1], outer[0], outer[1], 1.1 * k);
  }
  for (let rib = 0; rib <= 10; rib += 1) {
    const [x, y] = arc(70, 0.13)[2 + rib * 2] as Point;
    const [bx, by] = at(930, turn + 0.25 + (5 - rib) * 0.02);
    ink.line(bx, by, x, y, 0.95 * k);
  }
  const edge = arc(186, 0.25);
  for (let picot = 2; picot <= 22; picot += 2) {
    const [x, y] = edge[picot] as Point;
    ink.ring(x, y, 7 * k, 1.3 * k);
  }
}

/** Cotton: cream, lit from the upper left, with a twist along the threads. */
function thread(ink: Ink, width: number, height: number): Raster {
  const raster = blankRaster(width, height, 4);
  const { data } = raster;
  const { cover } = ink;
  const grain = paperGrain(1);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const here = y * width + x;
      const value = cover[here] as number;
      if (value === 0) {
        continue;
      }
      const before = cover[here - width - 1] ?? 0;
      const after = cover[here + width + 1] ?? 0;
      const light = 0.9 + ((after - before) / 255) * 0.16 + 0.07 * (grain[((y & 511) << 9) | (x & 511)] as number);
      const at = here * 4;
      data[at] = Math.min(255, 250 * light);
      data[at + 1] = Math.min(255, 244 * light);
      data[at + 2] = Math.min(255, 230 * light);
      data[at + 3] = value;
    }
  }
  return raster;
}
