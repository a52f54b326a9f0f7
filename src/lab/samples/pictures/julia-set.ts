import { colour, Ramp } from '../drawing/colour.ts';
import { blankRaster, type Raster } from '../drawing/raster.ts';

const CENTRE_REAL = -0.7454;
const CENTRE_IMAGINARY = 0.1131;
const MOST_STEPS = 320;
/** A large bail-out radius (squared), so that the step count blends without bands. */
const FAR = 1e6;

/** The Julia set of a point in the valley of the sea horses; smooth colours, lit by the distance to the set. */
export function drawJuliaSet(width: number, height: number): Raster {
  const raster = blankRaster(width, height);
  const { data } = raster;
  const ramp = new Ramp([
    [0, colour('#07101f')],
    [0.13, colour('#12345c')],
    [0.27, colour('#1d7f8c')],
    [0.4, colour('#bfe3c4')],
    [0.5, colour('#fff6d8')],
    [0.6, colour('#f4b544')],
    [0.72, colour('#d4491f')],
    [0.86, colour('#5e1238')],
    [1, colour('#07101f')],
  ]);
  const { entries } = ramp;
  const pixel = 3.1 / width;
  const half = Math.ceil(height / 2);
  const last = width * height - 1;
  for (let row = 0; row < half; row += 1) {
    for (let column = 0; column < width; column += 1) {
      let x = (column + 0.5 - width / 2) * pixel;
      let y = (row + 0.5 - height / 2) * pixel;
      let dx = 1;
      let dy = 0;
      let xx = x * x;
      let yy = y * y;
      let step = 0;
      while (xx + yy < FAR && step < MOST_STEPS) {
        const ndx = 2 * (x * dx - y * dy);
        dy = 2 * (x * dy + y * dx);
        dx = ndx;
        y = 2 * x * y + CENTRE_IMAGINARY;
        x = xx - yy + CENTRE_REAL;
        xx = x * x;
        yy = y * y;
        step += 1;
      }
      let r = 10;
      let g = 8;
      let b = 20;
      if (step < MOST_STEPS) {
        const size = Math.sqrt(xx + yy);
        const smooth = step + 1 - Math.log2(Math.log(size) / 6.9078);
        const near = (Math.log(size) * size) / Math.sqrt(dx * dx + dy * dy) / pixel;
        const edge = near > 2 ? 1 : 0.6 + 0.2 * near;
        const turn = (Math.log2(smooth + 2) * 0.42 + 0.72) % 1;
        const at = ramp.index(turn);
        const slope = Math.abs(x * dx + y * dy) / (size * Math.sqrt(dx * dx + dy * dy));
        const light = (0.84 + 0.18 * slope) * edge;
        r = (entries[at] as number) * light;
        g = (entries[at + 1] as number) * light;
        b = (entries[at + 2] as number) * light;
      }
      const here = row * width + column;
      put(data, here * 3, r, g, b);
      put(data, (last - here) * 3, r, g, b);
    }
  }
  return raster;
}

/** The set is the same upside down, so each point is computed for two pixels. */
function put(data: Uint8Array, at: number, r: number, g: number, b: number): void {
  data[at] = r > 255 ? 255 : r;
  data[at + 1] = g > 255 ? 255 : g;
  data[at + 2] = b > 255 ? 255 : b;
}
