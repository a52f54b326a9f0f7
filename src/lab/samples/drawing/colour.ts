/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** `#d8c49a` -> [216, 196, 154]. */
export function colour(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function mix(from: Colour, to: Colour, part: number): Colour {
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part, from[2] + (to[2] - from[2]) * part];
}

export function shade(base: Colour, factor: number): Colour {
  return [Math.min(255, base[0] * factor), Math.min(255, base[1] * factor), Math.min(255, base[2] * factor)];
}

/** A run of colours read by a number in [0, 1]: three bytes an entry, `size` entries, straight lines between the stops. */
export class Ramp {
  readonly entries: Float32Array;
  readonly #size: number;

  constructor(stops: readonly (readonly [number, Colour])[], size = 1024) {
    this.#size = size;
    this.entries = new Float32Array(size * 3);
    for (let index = 0; index < size; index += 1) {
      const [r, g, b] = between(stops, index / (size - 1));
      this.entries[index * 3] = r;
      this.entries[index * 3 + 1] = g;
      this.entries[index * 3 + 2] = b;
    }
  }

  /** Where in `entries` the colour for `part` begins. */
  index(part: number): number {
    const clamped = part < 0 ? 0 : part > 1 ? 1 : part;
    return Math.round(clamped * (this.#size - 1)) * 3;
  }
}

function between(stops: readonly (readonly [number, Colour])[], part: number): Colour {
  let previous = stops[0];
  for (const stop of stops) {
    if (previous === undefined || stop[0] >= part) {
      const start = previous ?? stop;
      const span = stop[0] - start[0];
      return span <= 0 ? stop[1] : mix(start[1], stop[1], (part - start[0]) / span);
    }
    previous = stop;
  }
  return previous?.[1] ?? [0, 0, 0];
}

/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothStep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

export function clampUnit(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
