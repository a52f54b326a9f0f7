import { describe, expect, it } from 'vitest';
import type { FoundSource } from '../app/find-sources.ts';
import { createPyramidProgress } from './pyramid-progress.ts';

function sourceOf(path: string, bytes: number): FoundSource {
  return { path, bytes, items: { find: async () => null, list: async () => null } };
}

describe('the progress of pyramids', () => {
  it('tells the rate, and how long the rest takes by what the work done took', () => {
    const [small, large, there] = [sourceOf('small.png', 100), sourceOf('large.png', 300), sourceOf('there.png', 5_000)];
    const lines: string[] = [];
    let now = 0;
    const progress = createPyramidProgress(
      [small, large, there],
      { isTTY: true, columns: 200, write: (line: string) => lines.push(line) },
      () => now,
    );
    progress.done(there);
    now = 10_000;
    progress.update(small, 0.5);
    progress.made(500_000_000);
    progress.done(small);
    expect(lines.at(-1)).toMatch(/2\/3 30 s left · 50 MP\/s · small\.png$/);
    now = 40_000;
    progress.update(large, 0.5);
    expect(lines.at(-1)).toMatch(/2\/3 24 s left · 13 MP\/s · large\.png 50 %$/);
  });

  it('off a terminal has one line for each file', () => {
    const source = sourceOf('one.png', 100);
    const lines: string[] = [];
    const progress = createPyramidProgress([source], { write: (line: string) => lines.push(line) }, () => lines.length * 1000);
    for (const share of [0.1, 0.5, 0.9]) progress.update(source, share);
    progress.done(source);
    expect(lines).toHaveLength(1);
  });
});
