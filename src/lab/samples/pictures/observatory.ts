import { colour } from '../drawing/colour.ts';
import type { Point } from '../drawing/coverage.ts';
import { curve, loop, rectangle } from '../drawing/curve.ts';
import { Field } from '../drawing/field.ts';
import { Ink } from '../drawing/ink.ts';
import { writeCentred, writeText } from '../drawing/lettering.ts';
import { layeredNoise } from '../drawing/noise.ts';
import { blankRaster, type ColourRaster, type Raster, stain } from '../drawing/raster.ts';

const CHALK = colour('#e8f1f4');
const GROUND_LINE = 1960;
const AXIS = 1150;
const PLAN = { x: 2760, y: 1010 };

/** A blueprint: elevation of a domed observatory, its plan, details, measures and a title block, white on blue. */
export function drawObservatory(width: number, height: number, scale: number): Raster {
  const raster = drawPaper(width, height, scale);
  const thin = new Ink(width, height);
  const firm = new Ink(width, height);
  const pen = makePen(thin, firm, scale);
  drawGrid(thin, scale);
  stain(raster, thin, CHALK, 0.16);
  thin.clear();
  drawElevation(pen);
  drawPlan(pen);
  drawDetail(pen);
  drawTitle(pen);
  stain(raster, thin, CHALK, 0.72);
  stain(raster, firm, CHALK, 0.95);
  return raster;
}

/** Draws in units of the full-size sheet. */
interface Pen {
  thin(points: readonly Point[], half?: number): void;
  firm(points: readonly Point[], half?: number): void;
  fill(points: readonly Point[]): void;
  ring(x: number, y: number, r: number, half?: number): void;
  text(text: string, x: number, y: number, size: number, angle?: number): void;
  note(text: string, x: number, y: number, size: number): void;
}

function makePen(thin: Ink, firm: Ink, k: number): Pen {
  const scaled = (points: readonly Point[]): Point[] => points.map(([x, y]): Point => [x * k, y * k]);
  return {
    thin: (points, half = 0.7) => thin.path(scaled(points), half * k),
    firm: (points, half = 1.5) => firm.path(scaled(points), half * k),
    fill: (points) => firm.fill(scaled(points)),
    ring: (x, y, r, half = 1.5) => firm.ring(x * k, y * k, r * k, half * k),
    text: (text, x, y, size, angle = 0) => writeCentred(firm, text, x * k, y * k, { size: size * k, spacing: 4 }, angle),
    note: (text, x, y, size) => writeText(firm, text, x * k, y * k, { size: size * k, spacing: 4, slant: 0.15 }),
  };
}

function drawPaper(width: number, height: number, scale: number): ColourRaster {
  const raster = blankRaster(width, height);
  const { data } = raster;
  const tone = new Field(width, height, Math.max(2, 24 * scale), (x, y) => {
    const u = x / width;
    const v = y / height;
    const folds = Math.exp(-(((u - 0.5) * 170) ** 2)) + Math.exp(-(((v - 0.5) * 130) ** 2));
    return 0.94 + 0.09 * layeredNoise(u * 5, v * 4, 4, 61) + 0.08 * folds - 0.24 * ((u - 0.5) ** 2 + (v - 0.5) ** 2);
  });
  const row = new Float32Array(width);
  for (let y = 0; y < height; y += 1) {
    tone.row(y, row);
    let at = y * width * 3;
    for (let x = 0; x < width; x += 1) {
      const light = row[x] as number;
      data[at] = 26 * light + (light > 1 ? (light - 1) * 130 : 0);
      data[at + 1] = 67 * light + (light > 1 ? (light - 1) * 130 : 0);
      data[at + 2] = 124 * light + (light > 1 ? (light - 1) * 100 : 0);
      at += 3;
    }
  }
  return raster;
}

function drawGrid(ink: Ink, k: number): void {
  for (let x = 100; x <= 3500; x += 25) {
    ink.line(x * k, 100 * k, x * k, 2600 * k, (x % 100 === 0 ? 0.8 : 0.35) * k);
  }
  for (let y = 100; y <= 2600; y += 25) {
    ink.line(100 * k, y * k, 3500 * k, y * k, (y % 100 === 0 ? 0.8 : 0.35) * k);
  }
}

function box(left: number, top: number, right: number, bottom: number): Point[] {
  const corners = rectangle(left, top, right, bottom);
  return [...corners, corners[0] as Point];
}

function drawElevation(pen: Pen): void {
  pen.firm(
    [
      [160, GROUND_LINE],
      [2140, GROUND_LINE],
    ],
    2.6,
  );
  for (let x = 170; x < 2130; x += 22) {
    pen.thin([
      [x, GROUND_LINE + 20],
      [x + 20, GROUND_LINE + 2],
    ]);
  }
  for (let step = 0; step < 6; step += 1) {
    pen.firm(box(AXIS - 170 - step * 24, GROUND_LINE - 90 + step * 15, AXIS + 170 + step * 24, GROUND_LINE - 75 + step * 15), 1);
  }
  for (const side of [-1, 1]) {
    drawWing(pen, side);
  }
  drawPortico(pen);
  drawDrum(pen);
  drawDome(pen);
  pen.thin(
    [
      [AXIS, 120],
      [AXIS, GROUND_LINE + 90],
    ],
    0.6,
  );
  measure(pen, AXIS - 830, GROUND_LINE + 150, AXIS + 830, '166 FT');
  measure(pen, AXIS - 430, GROUND_LINE + 90, AXIS + 430, '86 FT');
  measureUp(pen, 200, GROUND_LINE, 1420, '54 FT');
  measureUp(pen, 140, GROUND_LINE, 360, '160 FT');
  pen.text('ELEVATION', AXIS, GROUND_LINE + 250, 46);
}

function drawWing(pen: Pen, side: number): void {
  const x = (from: number): number => AXIS + side * from;
  pen.firm(box(x(430), 1500, x(830), GROUND_LINE));
  pen.firm(box(x(420), 1470, x(846), 1500), 1.2);
  pen.firm(box(x(420), 1452, x(858), 1470), 1.2);
  pen.firm(box(x(440), 1420, x(826), 1452), 1);
  for (let dentil = 436; dentil < 830; dentil += 14) {
    pen.thin(box(x(dentil), 1474, x(dentil + 7), 1486), 0.6);
  }
  for (let baluster = 452; baluster < 820; baluster += 16) {
    pen.thin(
      [
        [x(baluster), 1424],
        [x(baluster + 4), 1436],
        [x(baluster), 1450],
      ],
      0.8,
    );
  }
  for (let course = 1900; course < GROUND_LINE; course += 20) {
    pen.thin([
      [x(430), course],
      [x(830), course],
    ]);
    for (let block = 440 + (course % 40); block < 830; block += 40) {
      pen.thin([
        [x(block), course],
        [x(block), Math.min(GROUND_LINE, course + 20)],
      ]);
    }
  }
  for (let bay = 0; bay < 4; bay += 1) {
    const middle = 485 + bay * 97;
    const arch = Array.from(
      { length: 19 },
      (_, step): Point => [x(middle + 26 * Math.cos((Math.PI * step) / 18)), 1625 - 26 * Math.sin((Math.PI * step) / 18)],
    );
    pen.firm([[x(middle + 26), 1850], ...arch, [x(middle - 26), 1850], [x(middle + 26), 1850]], 1.3);
    const outer = Array.from(
      { length: 19 },
      (_, step): Point => [x(middle + 35 * Math.cos((Math.PI * step) / 18)), 1625 - 35 * Math.sin((Math.PI * step) / 18)],
    );
    pen.thin([[x(middle + 35), 1858], ...outer, [x(middle - 35), 1858]], 0.8);
    pen.thin([
      [x(middle), 1600],
      [x(middle), 1850],
    ]);
    for (let bar = 1640; bar < 1850; bar += 35) {
      pen.thin([
        [x(middle - 26), bar],
        [x(middle + 26), bar],
      ]);
    }
    pen.firm(box(x(middle - 40), 1850, x(middle + 40), 1862), 1);
    for (const edge of [middle - 48.5, middle + 48.5]) {
      pen.thin(box(x(edge - 7), 1520, x(edge + 7), 1890), 0.8);
      pen.thin(box(x(edge - 11), 1506, x(edge + 11), 1520), 0.8);
    }
  }
}

function drawPortico(pen: Pen): void {
  pen.firm(
    [
      [AXIS - 250, 1380],
      [AXIS, 1262],
      [AXIS + 250, 1380],
      [AXIS - 250, 1380],
    ],
    1.8,
  );
  pen.thin(
    [
      [AXIS - 212, 1370],
      [AXIS, 1278],
      [AXIS + 212, 1370],
      [AXIS - 212, 1370],
    ],
    0.9,
  );
  pen.ring(AXIS, 1338, 24, 1.2);
  pen.thin(
    loop(AXIS, 1338, 32, (a) => (Math.round((a * 16) / Math.PI) % 2 === 0 ? 22 : 9)),
    0.8,
  );
  pen.firm(box(AXIS - 240, 1380, AXIS + 240, 1424), 1.3);
  pen.text('SPECULA VITREA', AXIS, 1403, 24);
  for (let column = 0; column < 6; column += 1) {
    const middle = AXIS - 205 + column * 82;
    pen.firm(
      [
        [middle - 17, 1856],
        [middle - 13, 1452],
        [middle + 13, 1452],
        [middle + 17, 1856],
      ],
      1.2,
    );
    for (let flute = -2; flute <= 2; flute += 1) {
      pen.thin(
        [
          [middle + flute * 6, 1852],
          [middle + flute * 4.6, 1454],
        ],
        0.5,
      );
    }
    pen.firm(box(middle - 24, 1856, middle + 24, 1870), 1);
    pen.firm(box(middle - 22, 1424, middle + 22, 1438), 1);
    for (const side of [-1, 1]) {
      pen.thin(loop(middle + side * 15, 1445, 16, () => 7).concat([[middle + side * 15 + 7, 1445]]), 0.9);
      pen.thin(
        loop(middle + side * 15, 1445, 12, () => 3.4),
        0.6,
      );
    }
  }
  pen.firm(
    [
      [AXIS - 44, 1870],
      [AXIS - 44, 1600],
      [AXIS + 44, 1600],
      [AXIS + 44, 1870],
    ],
    1.4,
  );
  pen.thin([
    [AXIS, 1600],
    [AXIS, 1870],
  ]);
  for (const side of [-1, 1]) {
    for (let panel = 0; panel < 4; panel += 1) {
      pen.thin(box(AXIS + side * 8, 1612 + panel * 64, AXIS + side * 37, 1666 + panel * 64), 0.7);
    }
  }
  pen.firm(
    [
      [AXIS - 430, 1870],
      [AXIS + 430, 1870],
    ],
    1.2,
  );
  pen.firm(
    [
      [AXIS - 430, 1452],
      [AXIS - 430, 1870],
    ],
    1.2,
  );
  pen.firm(
    [
      [AXIS + 430, 1452],
      [AXIS + 430, 1870],
    ],
    1.2,
  );
}

function drawDrum(pen: Pen): void {
  pen.firm(
    [
      [AXIS - 360, 1452],
      [AXIS - 360, 960],
      [AXIS + 360, 960],
      [AXIS + 360, 1452],
    ],
    1.5,
  );
  pen.firm(box(AXIS - 385, 930, AXIS + 385, 960), 1.3);
  pen.firm(box(AXIS - 375, 905, AXIS + 375, 930), 1.1);
  pen.firm(box(AXIS - 370, 1185, AXIS + 370, 1200), 1);
  for (let window = -4; window <= 4; window += 1) {
    const turn = window * 0.33;
    const middle = AXIS + Math.sin(turn) * 360 * 0.93;
    const half = 26 * Math.cos(turn);
    if (half > 7) {
      const arch = Array.from(
        { length: 13 },
        (_, step): Point => [middle + half * Math.cos((Math.PI * step) / 12), 1035 - 26 * Math.sin((Math.PI * step) / 12)],
      );
      pen.firm([[middle + half, 1160], ...arch, [middle - half, 1160], [middle + half, 1160]], 1.2);
      pen.thin([
        [middle, 1010],
        [middle, 1160],
      ]);
      for (let bar = 1050; bar < 1160; bar += 28) {
        pen.thin([
          [middle - half, bar],
          [middle + half, bar],
        ]);
      }
    }
    const pilaster = AXIS + Math.sin(turn + 0.165) * 360 * 0.94;
    const breadth = 9 * Math.cos(turn + 0.165);
    if (breadth > 1.5) {
      pen.thin(box(pilaster - breadth, 962, pilaster + breadth, 1184), 0.8);
    }
  }
  for (let baluster = -44; baluster <= 44; baluster += 1) {
    const x = AXIS + Math.sin((baluster / 45) * 1.5) * 372;
    pen.thin(
      [
        [x, 906],
        [x, 929],
      ],
      0.8,
    );
  }
  for (let line = 1; line < 26; line += 1) {
    const x = 360 - line * line * 0.28;
    pen.thin(
      [
        [AXIS + x, 1204],
        [AXIS + x, 1300 + line * 3],
      ],
      0.45,
    );
  }
}

function drawDome(pen: Pen): void {
  const rim = 905;
  const r = 352;
  const half: Point[] = Array.from(
    { length: 61 },
    (_, step): Point => [AXIS + r * Math.cos((Math.PI * step) / 60), rim - r * 1.06 * Math.sin((Math.PI * step) / 60)],
  );
  pen.firm(half, 2.2);
  for (let rib = -8; rib <= 8; rib += 1) {
    const reach = Math.sin((rib / 9) * (Math.PI / 2));
    pen.thin(
      Array.from({ length: 31 }, (_, step): Point => {
        const a = (Math.PI / 2) * (step / 30);
        return [AXIS + reach * r * Math.cos(a), rim - r * 1.06 * Math.sin(a)];
      }),
      0.8,
    );
  }
  for (let belt = 1; belt < 8; belt += 1) {
    const a = (belt / 9) * (Math.PI / 2);
    pen.thin(
      [
        [AXIS - r * Math.cos(a), rim - r * 1.06 * Math.sin(a)],
        [AXIS + r * Math.cos(a), rim - r * 1.06 * Math.sin(a)],
      ],
      0.7,
    );
  }
  const slit = [0.16, 0.34].map((turn) =>
    Array.from({ length: 26 }, (_, step): Point => {
      const a = (Math.PI / 2) * (0.06 + (step / 25) * 0.9);
      return [AXIS + turn * r * 1.2 * Math.cos(a), rim - r * 1.06 * Math.sin(a)];
    }),
  );
  for (const edge of slit) {
    pen.firm(edge, 1.4);
  }
  pen.firm(
    [
      [AXIS + 70, 640],
      [AXIS + 330, 380],
      [AXIS + 372, 420],
      [AXIS + 112, 690],
      [AXIS + 70, 640],
    ],
    1.5,
  );
  pen.firm(
    [
      [AXIS + 318, 366],
      [AXIS + 386, 434],
    ],
    4,
  );
  pen.thin(
    [
      [AXIS + 91, 665],
      [AXIS + 351, 400],
    ],
    0.8,
  );
  pen.firm(box(AXIS - 16, 500, AXIS + 16, 532), 1.1);
  pen.ring(AXIS, 478, 22, 1.4);
  pen.firm(
    [
      [AXIS, 456],
      [AXIS, 368],
    ],
    1.6,
  );
  pen.fill([
    [AXIS, 372],
    [AXIS - 60, 388],
    [AXIS, 408],
  ]);
}

function measure(pen: Pen, left: number, y: number, right: number, label: string): void {
  pen.thin(
    [
      [left, y],
      [right, y],
    ],
    0.8,
  );
  for (const [x, way] of [
    [left, 1],
    [right, -1],
  ] as const) {
    pen.thin(
      [
        [x, y - 22],
        [x, y + 22],
      ],
      0.8,
    );
    pen.fill([
      [x, y],
      [x + way * 24, y - 6],
      [x + way * 24, y + 6],
    ]);
  }
  pen.text(label, (left + right) / 2 + 110, y - 20, 24);
}

function measureUp(pen: Pen, x: number, bottom: number, top: number, label: string): void {
  pen.thin(
    [
      [x, bottom],
      [x, top],
    ],
    0.8,
  );
  for (const [y, way] of [
    [bottom, -1],
    [top, 1],
  ] as const) {
    pen.thin(
      [
        [x - 22, y],
        [x + 22, y],
      ],
      0.8,
    );
    pen.fill([
      [x, y],
      [x - 6, y + way * 24],
      [x + 6, y + way * 24],
    ]);
  }
  pen.text(label, x - 20, (bottom + top) / 2, 24, -Math.PI / 2);
}

function drawPlan(pen: Pen): void {
  const { x, y } = PLAN;
  for (const [r, half] of [
    [330, 3],
    [290, 2],
    [180, 1],
    [110, 2],
    [92, 1.2],
  ] as const) {
    pen.ring(x, y, r, half);
  }
  for (let hatch = 0; hatch < 300; hatch += 1) {
    const a = (hatch / 300) * Math.PI * 2;
    if (hatch % 25 > 4) {
      pen.thin(
        [
          [x + Math.cos(a) * 292, y + Math.sin(a) * 292],
          [x + Math.cos(a + 0.07) * 328, y + Math.sin(a + 0.07) * 328],
        ],
        0.8,
      );
    }
  }
  for (let pier = 0; pier < 12; pier += 1) {
    const a = ((pier + 0.5) * Math.PI) / 6;
    pen.fill(loop(x + Math.cos(a) * 240, y + Math.sin(a) * 240, 20, () => 13));
    pen.ring(x + Math.cos(a) * 240, y + Math.sin(a) * 240, 19, 0.8);
    pen.thin(
      [
        [x + Math.cos(a) * 110, y + Math.sin(a) * 110],
        [x + Math.cos(a) * 222, y + Math.sin(a) * 222],
      ],
      0.6,
    );
  }
  for (let tread = 0; tread < 26; tread += 1) {
    const a = -0.4 + tread * 0.12;
    pen.thin(
      [
        [x + Math.cos(a) * 112, y + Math.sin(a) * 112],
        [x + Math.cos(a) * 150, y + Math.sin(a) * 150],
      ],
      0.9,
    );
  }
  pen.ring(x, y, 150, 1);
  for (let tile = 0; tile < 48; tile += 1) {
    const a = (tile * Math.PI) / 24;
    pen.thin(
      [
        [x + Math.cos(a) * 20, y + Math.sin(a) * 20],
        [x + Math.cos(a + 0.5) * 90, y + Math.sin(a + 0.5) * 90],
      ],
      0.5,
    );
    pen.thin(
      [
        [x + Math.cos(a) * 20, y + Math.sin(a) * 20],
        [x + Math.cos(a - 0.5) * 90, y + Math.sin(a - 0.5) * 90],
      ],
      0.5,
    );
  }
  for (const side of [-1, 1]) {
    const at = (from: number): number => x + side * from;
    for (const [wallTop, wallBottom] of [
      [-175, -150],
      [150, 175],
    ] as const) {
      pen.firm(box(at(320), y + wallTop, at(690), y + wallBottom), 1.4);
      for (let hatch = 322; hatch < 676; hatch += 10) {
        if (Math.floor(hatch / 10) % 9 < 6) {
          pen.thin(
            [
              [at(hatch), y + wallBottom],
              [at(hatch + 14), y + wallTop],
            ],
            0.8,
          );
        }
      }
    }
    pen.firm(box(at(665), y - 175, at(690), y + 175), 1.4);
    for (let room = 0; room < 3; room += 1) {
      pen.firm(
        [
          [at(440 + room * 82), y - 150],
          [at(440 + room * 82), y - 30],
        ],
        1.6,
      );
      pen.firm(
        [
          [at(440 + room * 82), y + 150],
          [at(440 + room * 82), y + 30],
        ],
        1.6,
      );
      pen.thin(
        curve(
          [
            [at(440 + room * 82), y - 30],
            [at(462 + room * 82), y - 36],
            [at(478 + room * 82), y - 58],
          ],
          6,
        ),
        0.7,
      );
    }
    pen.text(side < 0 ? 'LIBRARY' : 'INSTRUMENTS', at(545), y, 20);
    for (let shelf = 0; shelf < 14; shelf += 1) {
      pen.thin(box(at(345 + shelf * 22), y - 146, at(362 + shelf * 22), y - 134), 0.6);
    }
  }
  pen.thin(
    [
      [x - 740, y],
      [x + 740, y],
    ],
    0.5,
  );
  pen.thin(
    [
      [x, y - 400],
      [x, y + 430],
    ],
    0.5,
  );
  for (let column = 0; column < 6; column += 1) {
    pen.fill(loop(x - 150 + column * 60, y + 390, 20, () => 10));
    pen.thin(box(x - 164 + column * 60, y + 376, x - 136 + column * 60, y + 404), 0.7);
  }
  for (let step = 0; step < 5; step += 1) {
    pen.thin(
      [
        [x - 180 - step * 8, y + 415 + step * 11],
        [x + 180 + step * 8, y + 415 + step * 11],
      ],
      0.8,
    );
  }
  measure(pen, x - 690, y - 440, x + 690, '138 FT');
  pen.text('PLAN OF THE GREAT FLOOR', x, y + 540, 42);
}

/** The pier of the telescope, enlarged, with its gears. */
function drawDetail(pen: Pen): void {
  const cx = 2560;
  const cy = 1960;
  for (const [gx, gy, r, teeth] of [
    [cx, cy, 150, 60],
    [cx + 222, cy - 40, 70, 28],
    [cx + 305, cy + 44, 46, 18],
  ] as const) {
    const gear = loop(gx, gy, teeth * 4, (a) => {
      const part = ((a * teeth) / (Math.PI * 2)) % 1;
      return part < 0.5 ? r : r - 11;
    });
    pen.firm([...gear, gear[0] as Point], 1.1);
    pen.ring(gx, gy, r - 26, 1);
    pen.ring(gx, gy, r * 0.2, 1.2);
    pen.ring(gx, gy, r * 0.1, 0.9);
    for (let spoke = 0; spoke < 6; spoke += 1) {
      const a = (spoke * Math.PI) / 3;
      for (const side of [-0.09, 0.09]) {
        pen.thin(
          [
            [gx + Math.cos(a + side * 2) * r * 0.2, gy + Math.sin(a + side * 2) * r * 0.2],
            [gx + Math.cos(a + side) * (r - 27), gy + Math.sin(a + side) * (r - 27)],
          ],
          0.8,
        );
      }
    }
    pen.thin(
      [
        [gx - r - 24, gy],
        [gx + r + 24, gy],
      ],
      0.4,
    );
    pen.thin(
      [
        [gx, gy - r - 24],
        [gx, gy + r + 24],
      ],
      0.4,
    );
  }
  pen.text('CLOCKWORK OF THE DOME, ONE TENTH', cx + 110, cy + 215, 26);
  pen.note('60 TEETH', cx - 330, cy - 120, 22);
  pen.thin(
    [
      [cx - 200, cy - 128],
      [cx - 110, cy - 90],
    ],
    0.8,
  );
}

function drawTitle(pen: Pen): void {
  pen.firm(box(100, 100, 3500, 2600), 3);
  pen.firm(box(84, 84, 3516, 2616), 1);
  pen.firm(box(2260, 2280, 3500, 2600), 2);
  pen.firm(
    [
      [2260, 2420],
      [3500, 2420],
    ],
    1.2,
  );
  pen.firm(
    [
      [2260, 2510],
      [3500, 2510],
    ],
    1.2,
  );
  pen.firm(
    [
      [2760, 2420],
      [2760, 2600],
    ],
    1.2,
  );
  pen.firm(
    [
      [3150, 2420],
      [3150, 2600],
    ],
    1.2,
  );
  pen.text('OBSERVATORY ON MOUNT CRISTALLO', 2880, 2350, 37);
  pen.text('SCALE 1:120', 2510, 2465, 30);
  pen.text('SHEET 3', 2955, 2465, 30);
  pen.text('NO. 1887', 3325, 2465, 30);
  pen.text('DRAWN V.', 2510, 2555, 30);
  pen.text('CHECKED L.', 2955, 2555, 30);
  pen.text('VITRINE', 3325, 2555, 30);
  for (let part = 0; part < 8; part += 1) {
    const from = 240 + part * 100;
    const fill = rectangle(from, 2420 + (part % 2) * 10, from + 100, 2430 + (part % 2) * 10);
    pen.fill(fill);
    pen.text(String(part * 10), from, 2396, 20);
  }
  pen.firm(box(240, 2420, 1040, 2440), 1);
  pen.text('FEET', 1110, 2430, 22);
  pen.note('ALL WALLS OF GLASS BRICK UNLESS OTHERWISE SHOWN', 240, 2510, 24);
  pen.note('THE DOME TURNS ON 24 ROLLERS OF BRASS', 240, 2556, 24);
}
