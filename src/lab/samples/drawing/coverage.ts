export type Point = readonly [number, number];

/** How much of each pixel of a box a polygon covers. */
export interface Coverage {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Row by row, 0 to 1. */
  readonly values: Float32Array;
}

/** Exact anti-aliased coverage of a closed polygon, by signed areas: edges are added once, then summed along each row. */
export function coverPolygon(points: readonly Point[]): Coverage {
  let minX = Number.POSITIVE_INFINITY;
  let minY = Number.POSITIVE_INFINITY;
  let maxX = Number.NEGATIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  for (const [x, y] of points) {
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  const left = Math.floor(minX);
  const top = Math.floor(minY);
  const width = Math.max(1, Math.ceil(maxX) - left + 1);
  const height = Math.max(1, Math.ceil(maxY) - top);
  const sums = new Float32Array(width * height + 2);
  let previous = points.at(-1);
  for (const point of points) {
    if (previous !== undefined) {
      addEdge(sums, width, height, previous[0] - left, previous[1] - top, point[0] - left, point[1] - top);
    }
    previous = point;
  }
  for (let row = 0; row < height; row += 1) {
    let sum = 0;
    const start = row * width;
    for (let column = 0; column < width; column += 1) {
      sum += sums[start + column] as number;
      sums[start + column] = Math.min(1, Math.abs(sum));
    }
  }
  return { left, top, width, height, values: sums };
}

function addEdge(sums: Float32Array, width: number, height: number, ax: number, ay: number, bx: number, by: number): void {
  if (ay === by) {
    return;
  }
  const direction = ay < by ? 1 : -1;
  const [startX, startY, endX, endY] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay];
  const slope = (endX - startX) / (endY - startY);
  let x = startX;
  const lastRow = Math.min(height, Math.ceil(endY));
  for (let row = Math.floor(startY); row < lastRow; row += 1) {
    const dy = Math.min(row + 1, endY) - Math.max(row, startY);
    const next = x + slope * dy;
    addSpan(sums, row * width, x, next, dy * direction);
    x = next;
  }
}

function addSpan(sums: Float32Array, start: number, fromX: number, toX: number, area: number): void {
  const low = Math.min(fromX, toX);
  const high = Math.max(fromX, toX);
  const first = Math.floor(low);
  const last = Math.ceil(high);
  if (last <= first + 1) {
    const middle = (low + high) / 2 - first;
    add(sums, start + first, area - area * middle);
    add(sums, start + first + 1, area * middle);
    return;
  }
  const scale = 1 / (high - low);
  const headPart = 1 - (low - first);
  const head = 0.5 * scale * headPart * headPart;
  const tailPart = high - last + 1;
  const tail = 0.5 * scale * tailPart * tailPart;
  add(sums, start + first, area * head);
  if (last === first + 2) {
    add(sums, start + first + 1, area * (1 - head - tail));
  } else {
    const second = scale * (1.5 - (low - first));
    add(sums, start + first + 1, area * (second - head));
    for (let column = first + 2; column < last - 1; column += 1) {
      add(sums, start + column, area * scale);
    }
    const beforeLast = second + (last - first - 3) * scale;
    add(sums, start + last - 1, area * (1 - beforeLast - tail));
  }
  add(sums, start + last, area * tail);
}

function add(sums: Float32Array, at: number, value: number): void {
  sums[at] = (sums[at] ?? 0) + value;
}
