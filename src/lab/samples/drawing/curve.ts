import type { Point } from './coverage.ts';

/** A smooth line through all points (Catmull-Rom), each span cut into `pieces`. */
export function curve(points: readonly Point[], pieces = 8): Point[] {
  const first = points[0];
  if (first === undefined || points.length < 3) {
    return [...points];
  }
  const line: Point[] = [first];
  for (let index = 0; index + 1 < points.length; index += 1) {
    const b = points[index] as Point;
    const c = points[index + 1] as Point;
    const a = points[index - 1] ?? b;
    const d = points[index + 2] ?? c;
    for (let piece = 1; piece <= pieces; piece += 1) {
      const t = piece / pieces;
      line.push([spline(a[0], b[0], c[0], d[0], t), spline(a[1], b[1], c[1], d[1], t)]);
    }
  }
  return line;
}

function spline(a: number, b: number, c: number, d: number, t: number): number {
  return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
}

/** A closed regular shape: points on a circle whose radius may vary with the angle. */
export function loop(x: number, y: number, pieces: number, radius: (angle: number) => number): Point[] {
  return Array.from({ length: pieces }, (_, index): Point => {
    const angle = (index / pieces) * Math.PI * 2;
    const r = radius(angle);
    return [x + Math.cos(angle) * r, y + Math.sin(angle) * r];
  });
}

export function rectangle(left: number, top: number, right: number, bottom: number): Point[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}
