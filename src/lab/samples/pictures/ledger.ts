import { colour } from '../drawing/colour.ts';
import { loop } from '../drawing/curve.ts';
import { age } from '../drawing/finish.ts';
import { Ink } from '../drawing/ink.ts';
import { writeWords } from '../drawing/invented-script.ts';
import { measureText, writeCentred, writeText } from '../drawing/lettering.ts';
import { noise } from '../drawing/noise.ts';
import { Random } from '../drawing/random.ts';
import { blankRaster, type ColourRaster, fillRaster, type Raster, stain } from '../drawing/raster.ts';

const COLUMNS = [300, 520, 1540, 1820, 2080, 2330, 2580];
const HEADS = ['DAY', 'SHIP AND CARGO', 'TONS', 'MARKS', 'PENCE', 'CLERK'];
const ROWS = 46;
const TOP = 620;
const PITCH = 58;

/** A page of accounts: ruled in red and blue, written in several hands, with sums, corrections, a stamp and a blot. */
export function drawLedger(width: number, height: number, scale: number): Raster {
  const raster = fillRaster(blankRaster(width, height), colour('#ece1c6'));
  const k = scale;
  const blue = new Ink(width, height);
  const red = new Ink(width, height);
  const ink = new Ink(width, height);
  drawCover(raster, k);
  for (let row = 0; row <= ROWS; row += 1) {
    const y = (TOP + row * PITCH) * k;
    blue.line(240 * k, y, 2700 * k, y, 0.9 * k);
  }
  for (const x of COLUMNS) {
    red.line((x - 24) * k, 480 * k, (x - 24) * k, (TOP + ROWS * PITCH) * k, 1 * k);
    red.line((x - 16) * k, 480 * k, (x - 16) * k, (TOP + ROWS * PITCH) * k, 0.7 * k);
  }
  red.line(240 * k, 480 * k, 2700 * k, 480 * k, 1.6 * k);
  red.line(240 * k, 600 * k, 2700 * k, 600 * k, 1.6 * k);
  HEADS.forEach((head, index) => {
    const left = (COLUMNS[index] ?? 0) - 10;
    const right = (COLUMNS[index + 1] ?? 2700) - 24;
    writeCentred(ink, head, ((left + right) / 2) * k, 548 * k, { size: 34 * k, spacing: 5 });
  });
  writeCentred(ink, 'HARBOUR OFFICE OF PORT LUMEN', 1480 * k, 270 * k, { size: 76 * k, spacing: 6, weight: 0.07 });
  writeCentred(ink, 'DUES AND CARGOES - FOLIO 214', 1480 * k, 390 * k, { size: 38 * k, spacing: 7, slant: 0.2 });
  const corrections = new Ink(width, height);
  writeEntries(ink, corrections, k);
  stain(raster, blue, colour('#6d8fae'), 0.6);
  stain(raster, red, colour('#b5523f'), 0.75);
  stain(raster, ink, colour('#2e2a38'), 0.92);
  stain(raster, corrections, colour('#a3322a'), 0.9);
  drawStamp(raster, k);
  drawBlot(raster, k);
  return age(raster, k, { seed: 63, grain: 0.05, stains: 0.3, vignette: 0.28 });
}

/** The cloth of the binding shows at the left, with the gutter's shadow. */
function drawCover(raster: ColourRaster, k: number): void {
  const { width, height, data } = raster;
  const edge = Math.round(170 * k);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < edge * 2 && x < width; x += 1) {
      const at = (y * width + x) * 3;
      if (x < edge) {
        const weave = 0.8 + 0.22 * Math.sin((x / k) * 1.1) * Math.sin((y / k) * 1.1) + 0.1 * noise(x / k / 5, y / k / 5, 6);
        const round = 0.5 + 0.5 * Math.sin(((x / edge) * 0.8 + 0.1) * Math.PI);
        data[at] = 64 * weave * round;
        data[at + 1] = 84 * weave * round;
        data[at + 2] = 72 * weave * round;
      } else {
        const shadow = 1 - 0.62 * Math.exp(-(x - edge) / k / 46);
        data[at] = (data[at] as number) * shadow;
        data[at + 1] = (data[at + 1] as number) * shadow;
        data[at + 2] = (data[at + 2] as number) * shadow;
      }
    }
  }
}

function writeEntries(ink: Ink, corrections: Ink, k: number): void {
  const random = new Random(214);
  const hands = [
    { size: 19 * k, weight: 0.075, slant: 0.5 },
    { size: 21 * k, weight: 0.06, slant: 0.36 },
    { size: 18 * k, weight: 0.09, slant: 0.42 },
  ] as const;
  let day = 1;
  let hand: (typeof hands)[number] = hands[0];
  for (let row = 0; row < ROWS - 1; row += 1) {
    const y = (TOP + (row + 1) * PITCH - 13) * k;
    if (random.next() < 0.45) {
      day += random.whole(1, 2);
      writeNumber(ink, day % 29 === 0 ? 29 : day % 29, 460, y, k);
    }
    if (random.next() < 0.2) {
      hand = hands[random.whole(0, 2)] ?? hand;
    }
    if (row === 22 || row === 45) {
      writeWords(corrections, random, (COLUMNS[1] as number) * k, 1200 * k, y, hand);
      continue;
    }
    const end = writeWords(ink, random, ((COLUMNS[1] ?? 0) + random.between(0, 20)) * k, random.between(1050, 1500) * k, y, hand);
    for (let dot = end + 20 * k; dot < 1490 * k; dot += 26 * k) {
      ink.disc(dot, y, 1.6 * k);
    }
    writeNumber(ink, random.whole(4, 980), 1770, y, k);
    writeNumber(ink, random.whole(10, 9990), 2030, y, k);
    writeNumber(ink, random.whole(0, 11), 2280, y, k);
    writeWords(ink, random, (COLUMNS[5] as number) * k, 2520 * k, y, { ...hand, size: hand.size * 0.85 });
    if (random.next() < 0.07) {
      corrections.line(1890 * k, y - 10 * k, 2040 * k, y - 18 * k, 2 * k);
      writeNumber(corrections, random.whole(10, 9990), 2050, y - 24 * k, k);
    }
  }
  for (const offset of [0, 8]) {
    ink.line(1830 * k, (TOP + (ROWS - 1) * PITCH + 4 + offset) * k, 2310 * k, (TOP + (ROWS - 1) * PITCH + 2 + offset) * k, 1.5 * k);
  }
  writeNumber(corrections, 184630, 2035, (TOP + ROWS * PITCH - 8) * k, k);
}

function writeNumber(ink: Ink, value: number, right: number, y: number, k: number): void {
  const style = { size: 30 * k, slant: 0.3, weight: 0.055 };
  writeText(ink, String(value), right * k - measureText(String(value), style), y, style);
}

function drawStamp(raster: ColourRaster, k: number): void {
  const ink = new Ink(raster.width, raster.height);
  const x = 2280 * k;
  const y = 3380 * k;
  ink.ring(x, y, 150 * k, 5 * k);
  ink.ring(x, y, 136 * k, 1.6 * k);
  writeCentred(ink, 'PORT LUMEN', x, y - 26 * k, { size: 34 * k, weight: 0.09 }, -0.18);
  writeCentred(ink, 'PAID', x, y + 40 * k, { size: 62 * k, weight: 0.11 }, -0.18);
  for (let at = 0; at < ink.cover.length; at += 1) {
    const covered = ink.cover[at] as number;
    if (covered > 0) {
      const worn = 0.62 + 0.5 * noise((at % raster.width) / k / 14, Math.floor(at / raster.width) / k / 14, 19);
      ink.cover[at] = Math.min(255, covered * Math.max(0.15, worn));
    }
  }
  stain(raster, ink, colour('#4b3f86'), 0.75);
}

function drawBlot(raster: ColourRaster, k: number): void {
  const ink = new Ink(raster.width, raster.height);
  const x = 930 * k;
  const y = 3420 * k;
  ink.fill(
    loop(
      x,
      y,
      90,
      (angle) =>
        (46 + 16 * noise(Math.cos(angle) * 2.2, Math.sin(angle) * 2.2, 3) + 7 * noise(Math.cos(angle) * 7, Math.sin(angle) * 7, 4)) * k,
    ),
  );
  const random = new Random(3);
  for (let drop = 0; drop < 26; drop += 1) {
    const a = random.next() * Math.PI * 2;
    const away = random.between(56, 170) * k;
    ink.disc(x + Math.cos(a) * away, y + Math.sin(a) * away, random.between(0.8, 6) * k * (1 - away / (260 * k)));
  }
  stain(raster, ink, colour('#25222f'), 0.9);
}
