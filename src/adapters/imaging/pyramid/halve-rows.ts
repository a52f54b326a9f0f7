/** Rows of pixels, interleaved. */
interface Rows {
  readonly data: Uint8Array;
  readonly width: number;
  readonly rows: number;
  readonly channels: 1 | 3;
}

/**
 * Half as many columns and rows, each pixel the mean of four; at an odd edge, of two. So a pixel of a level stands exactly
 * for the pixels under it. Writes into `into`, and answers how many rows that are.
 */
export function halveRows({ data, width, rows, channels }: Rows, into: Uint8Array): number {
  const halved = Math.ceil(rows / 2);
  const stride = width * channels;
  const pairs = width >> 1;
  let to = 0;
  for (let row = 0; row < halved; row++) {
    let above = 2 * row * stride;
    let below = Math.min(2 * row + 1, rows - 1) * stride;
    for (let pair = 0; pair < pairs; pair++) {
      for (let c = 0; c < channels; c++, to++) {
        into[to] = (at(data, above + c) + at(data, above + c + channels) + at(data, below + c) + at(data, below + c + channels) + 2) >> 2;
      }
      above += 2 * channels;
      below += 2 * channels;
    }
    if (width % 2 === 0) continue;
    for (let c = 0; c < channels; c++, to++) into[to] = (at(data, above + c) + at(data, below + c) + 1) >> 1;
  }
  return halved;
}

function at(data: Uint8Array, place: number): number {
  return data[place] as number;
}
