import { seededRandom } from './random.ts';

/** Sides that share no factor with tiles, so that a picture of many patches has no tile twice. */
export const PATCH = { width: 2_999, height: 2_251 };

const LINE_HEIGHT = 44;
const GRAIN = 9;

/** A written page with a miniature, as raw RGB: soft paper, sharp strokes, and the grain of a camera. */
export function drawPatch(): Uint8Array {
  const random = seededRandom(7);
  const pixels = new Uint8Array(PATCH.width * PATCH.height * 3);
  const ink = drawInk(random);
  for (let y = 0, i = 0; y < PATCH.height; y++) {
    for (let x = 0; x < PATCH.width; x++, i += 3) {
      const [red, green, blue] = isMiniature(x, y) ? miniatureAt(x, y) : paperAt(x, y, ink[y * PATCH.width + x] ?? 0);
      const grain = (random() - 0.5) * GRAIN;
      pixels[i] = red + grain;
      pixels[i + 1] = green + grain;
      pixels[i + 2] = blue + grain;
    }
  }
  return pixels;
}

function isMiniature(x: number, y: number): boolean {
  return x > 300 && x < 1_200 && y > 250 && y < 1_000;
}

function miniatureAt(x: number, y: number): readonly [number, number, number] {
  const wave = Math.sin(x / 31 + 3 * Math.sin(y / 47)) + Math.cos(y / 23 - 2 * Math.cos(x / 67));
  return [120 + 45 * wave, 95 + 50 * Math.sin(wave * 2 + y / 300), 70 + 55 * Math.cos(wave + x / 200)];
}

function paperAt(x: number, y: number, ink: number): readonly [number, number, number] {
  const shade = 8 * Math.sin(x / 211) * Math.cos(y / 173) + 4 * Math.sin((x + y) / 19);
  const light = 1 - ink * 0.8;
  return [(218 + shade) * light, (203 + shade) * light, (172 + shade) * light];
}

/** How dark each pixel is with ink, 0 to 1: strokes in lines. */
function drawInk(random: () => number): Float32Array {
  const ink = new Float32Array(PATCH.width * PATCH.height);
  for (let line = 80; line < PATCH.height - 80; line += LINE_HEIGHT) {
    for (let x = 90; x < PATCH.width - 90; x += 8 + random() * 16) {
      if (random() < 0.16) x += 18;
      drawStroke(ink, x, line, random);
    }
  }
  return ink;
}

function drawStroke(ink: Float32Array, left: number, base: number, random: () => number): void {
  const [height, slant, thick] = [10 + random() * 18, (random() - 0.5) * 10, 2 + random() * 2];
  for (let step = 0; step < height; step++) {
    const x = Math.round(left + (slant * step) / height + 2 * Math.sin(step / 4));
    for (let wide = 0; wide < thick; wide++) ink[(base - step) * PATCH.width + x + wide] = 1;
  }
}
