import { describe, expect, it } from 'vitest';
import type { Jp2Header } from '../jp2-header.ts';
import type { SourceLayout } from '../source-layout.ts';
import { rowsOfJp2 } from './rows-of-source.ts';

const WIDTH = 20_000;
const HEIGHT = 2_001;
const HEADER = {} as Jp2Header;
const LAYOUT = { stored: { width: WIDTH, height: HEIGHT }, gray: true } as SourceLayout;

/** Every pixel says which row it is of. */
function open(readsRegions: boolean) {
  const runs: number[] = [];
  const rows = rowsOfJp2('any.jp2', HEADER, LAYOUT, {
    readsRegions: () => readsRegions,
    async decode(_file, _header, { y, width, height }) {
      runs.push(height);
      const data = new Uint8Array(width * height);
      for (let row = 0; row < height; row++) data.fill((y + row) % 251, row * width, (row + 1) * width);
      return { data, width, height, channels: 1 };
    },
  });
  return { rows, runs };
}

describe.each([
  ['that reads parts', true, [768, 768, 465]],
  ['that does not', false, [HEIGHT]],
] as const)('rows of JPEG 2000 from a decoder %s', (_name, readsRegions, runs) => {
  it('are all of the picture, each once and in order', async () => {
    const decoder = open(readsRegions);
    for (let top = 0; top < HEIGHT; top += 500) {
      const count = Math.min(500, HEIGHT - top);
      const into = new Uint8Array(count * WIDTH);
      await decoder.rows.read(top, into);
      const first = Array.from({ length: count }, (_, row) => [into[row * WIDTH], into[(row + 1) * WIDTH - 1]]);
      expect(first).toEqual(Array.from({ length: count }, (_, row) => [(top + row) % 251, (top + row) % 251]));
    }
    expect(decoder.runs).toEqual(runs);
  });
});
