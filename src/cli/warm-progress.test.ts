import { describe, expect, it } from 'vitest';
import { createWarmProgress } from './warm-progress.ts';

describe('the progress of warming', () => {
  it('tells the rate, and how long the rest takes by what the work done took', () => {
    const lines: string[] = [];
    let now = 0;
    const progress = createWarmProgress({ isTTY: true, columns: 200, write: (line: string) => lines.push(line) }, () => now);
    progress.begin(13);
    progress.done({ path: 'there.jpg', made: 0, ready: 4, problem: null });
    expect(lines.at(-1)).toMatch(/1\/13 there\.jpg$/);
    now = 10_000;
    progress.done({ path: 'a.jpg', made: 4, ready: 0, problem: null });
    expect(lines.at(-1)).toMatch(/2\/13 2 min left · 0\.4 a second · a\.jpg$/);
    now = 15_000;
    progress.update('b.jpg', 0.25);
    progress.update('c.jpg', 0.25);
    now = 16_000;
    progress.update('c.jpg', 0.75);
    expect(lines.at(-1)).toMatch(/2\/13 80 s left · 0\.3 a second · c\.jpg$/);
  });

  it('is not drawn more often than eyes follow, and at the end in any case', () => {
    const lines: string[] = [];
    const progress = createWarmProgress({ isTTY: true, columns: 200, write: (line: string) => lines.push(line) }, () => 5);
    progress.begin(2);
    for (const path of ['a.jpg', 'b.jpg']) {
      for (const share of [0.2, 0.4, 0.8]) progress.update(path, share);
      progress.done({ path, made: 1, ready: 0, problem: null });
    }
    expect(lines).toHaveLength(2);
    expect(lines.at(-1)).toMatch(/2\/2 .*b\.jpg$/);
  });
});
