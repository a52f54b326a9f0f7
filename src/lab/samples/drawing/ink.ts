import { coverPolygon, type Point } from './coverage.ts';

/**
 * One ink over a picture, one byte a pixel: how much of it lies there. Strokes that cross keep the stronger value, so
 * that joints are never darker than the lines; the colour comes later, with `stain`.
 */
export class Ink {
  readonly width: number;
  readonly height: number;
  readonly cover: Uint8Array;
  #top: number;
  #bottom = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.cover = new Uint8Array(width * height);
    this.#top = height;
  }

  /** First row that may hold ink, and the one after the last. */
  get rows(): { readonly from: number; readonly to: number } {
    return { from: Math.min(this.#top, this.#bottom), to: this.#bottom };
  }

  clear(): void {
    const { from, to } = this.rows;
    this.cover.fill(0, from * this.width, to * this.width);
    this.#top = this.height;
    this.#bottom = 0;
  }

  /** A line with round ends; half widths in pixels, one for each end. */
  line(ax: number, ay: number, bx: number, by: number, startRadius: number, endRadius = startRadius): void {
    const x0 = ax - 0.5;
    const y0 = ay - 0.5;
    const dx = bx - ax;
    const dy = by - ay;
    const squared = dx * dx + dy * dy;
    const length = Math.sqrt(squared);
    const reach = Math.max(startRadius, endRadius, 0.5) + 0.5;
    const top = Math.max(0, Math.ceil(Math.min(y0, y0 + dy) - reach));
    const bottom = Math.min(this.height - 1, Math.floor(Math.max(y0, y0 + dy) + reach));
    const boxLeft = Math.max(0, Math.min(x0, x0 + dx) - reach);
    const boxRight = Math.min(this.width - 1, Math.max(x0, x0 + dx) + reach);
    if (top > bottom || boxLeft > boxRight) {
      return;
    }
    this.#touch(top, bottom);
    const inverse = squared > 0 ? 1 / squared : 0;
    const steep = Math.abs(dy) > 0.01;
    const slabHalf = steep ? (reach * length) / Math.abs(dy) : 0;
    for (let y = top; y <= bottom; y += 1) {
      let from = boxLeft;
      let to = boxRight;
      if (steep) {
        const middle = x0 + ((y - y0) * dx) / dy;
        from = Math.max(from, middle - slabHalf);
        to = Math.min(to, middle + slabHalf);
      }
      const start = y * this.width;
      const ry = y - y0;
      for (let x = Math.ceil(from); x <= to; x += 1) {
        const rx = x - x0;
        let t = (rx * dx + ry * dy) * inverse;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        const ex = rx - dx * t;
        const ey = ry - dy * t;
        const radius = startRadius + (endRadius - startRadius) * t;
        const strength = radius < 0.5 ? radius * 2 : 1;
        const near = (radius < 0.5 ? 0.5 : radius) + 0.5 - Math.sqrt(ex * ex + ey * ey);
        if (near > 0) {
          this.#put(start + x, (near < 1 ? near : 1) * strength * 255);
        }
      }
    }
  }

  /** Lines through all points. */
  path(points: readonly Point[], radius: number): void {
    this.brush(points, () => radius);
  }

  /** Lines through all points; `radius` is asked for each point by its part of the way, 0 to 1. */
  brush(points: readonly Point[], radius: (part: number) => number): void {
    const last = points.length - 1;
    for (let index = 0; index < last; index += 1) {
      const from = points[index] as Point;
      const to = points[index + 1] as Point;
      this.line(from[0], from[1], to[0], to[1], radius(index / last), radius((index + 1) / last));
    }
  }

  disc(x: number, y: number, radius: number): void {
    this.line(x, y, x, y, radius);
  }

  ring(x: number, y: number, radius: number, halfWidth: number): void {
    const outer = radius + halfWidth + 1;
    const top = Math.max(0, Math.floor(y - outer));
    const bottom = Math.min(this.height - 1, Math.ceil(y + outer));
    if (top > bottom) {
      return;
    }
    this.#touch(top, bottom);
    const strength = Math.min(1, halfWidth * 2);
    const half = Math.max(0.5, halfWidth);
    const inner = Math.max(0, radius - half - 1);
    for (let row = top; row <= bottom; row += 1) {
      const ry = row + 0.5 - y;
      const reach = Math.sqrt(Math.max(0, outer * outer - ry * ry));
      const hole = Math.sqrt(Math.max(0, inner * inner - ry * ry));
      const end = Math.min(this.width - 1, Math.ceil(x + reach));
      for (let column = Math.max(0, Math.floor(x - reach)); column <= end; column += 1) {
        const rx = column + 0.5 - x;
        if (rx > -hole && rx < hole) {
          column = Math.max(column, Math.floor(x + hole - 0.5));
          continue;
        }
        const near = half + 0.5 - Math.abs(Math.sqrt(rx * rx + ry * ry) - radius);
        if (near > 0) {
          this.#put(row * this.width + column, (near < 1 ? near : 1) * strength * 255);
        }
      }
    }
  }

  /** A filled polygon; `strength` 0 to 1. */
  fill(points: readonly Point[], strength = 1): void {
    this.#cover(points, (at, value) => this.#put(at, value * strength * 255));
  }

  /** Takes the ink away inside a polygon. */
  cut(points: readonly Point[]): void {
    this.#cover(points, (at, value) => {
      this.cover[at] = (this.cover[at] as number) * (1 - value);
    });
  }

  #cover(points: readonly Point[], put: (at: number, value: number) => void): void {
    const shape = coverPolygon(points);
    const top = Math.max(0, shape.top);
    const bottom = Math.min(this.height - 1, shape.top + shape.height - 1);
    if (top > bottom) {
      return;
    }
    this.#touch(top, bottom);
    const from = Math.max(0, -shape.left);
    const to = Math.min(shape.width, this.width - shape.left);
    for (let y = top; y <= bottom; y += 1) {
      const start = (y - shape.top) * shape.width;
      const target = y * this.width + shape.left;
      for (let column = from; column < to; column += 1) {
        const value = shape.values[start + column] as number;
        if (value > 0.002) {
          put(target + column, value);
        }
      }
    }
  }

  #put(at: number, value: number): void {
    if (value > (this.cover[at] as number)) {
      this.cover[at] = value;
    }
  }

  #touch(top: number, bottom: number): void {
    this.#top = Math.min(this.#top, top);
    this.#bottom = Math.max(this.#bottom, bottom + 1);
  }
}
