import { describe, expect, it } from 'vitest';
import { createOneTimeIds } from './one-time-ids.ts';

describe('an id that counts once', () => {
  it('is spent once until its end, and is forgotten then', async () => {
    let now = 1_000;
    const ids = createOneTimeIds({ now: () => new Date(now) });
    expect(await ids.spend('a', new Date(2_000))).toBe(true);
    expect(await ids.spend('b', new Date(5_000))).toBe(true);
    expect(await ids.spend('a', new Date(9_000))).toBe(false);
    now = 1_999;
    expect(await ids.spend('a', new Date(2_000))).toBe(false);
    now = 2_000;
    expect(await ids.spend('a', new Date(3_000))).toBe(true);
    expect(await ids.spend('b', new Date(5_000))).toBe(false);
  });

  it('is kept among very many', async () => {
    const ids = createOneTimeIds({ now: () => new Date(0) });
    for (let n = 0; n < 50_000; n += 1) await ids.spend(`id-${n}`, new Date(1_000));
    expect(await ids.spend('id-0', new Date(1_000))).toBe(false);
    expect(await ids.spend('id-49999', new Date(1_000))).toBe(false);
  });
});
