import { describe, expect, it } from 'vitest';
import { createDecodedTiles } from './decoded-tiles.ts';
import { createScratch } from './scratch.ts';

const TILE = 65_536;

function tiles(most: number) {
  const decoded: string[] = [];
  const store = createDecodedTiles(most * TILE, createScratch(10 * TILE));
  return {
    decoded,
    store,
    /** The first byte that is seen; tiles are filled with the number that their key is. */
    async look(key: string): Promise<number> {
      let seen = -1;
      const decode = async (into: Buffer) => {
        decoded.push(key);
        await new Promise((resolve) => setImmediate(resolve));
        into.fill(Number(key));
      };
      await store.use(key, TILE, decode, (tile) => {
        seen = tile[0] ?? -1;
      });
      return seen;
    },
  };
}

describe('decoded tiles', () => {
  it('are decoded once for all who ask, at the same time and later', async () => {
    const { look, decoded } = tiles(4);
    expect(await Promise.all([look('1'), look('1')])).toEqual([1, 1]);
    expect(await look('1')).toBe(1);
    expect(decoded).toEqual(['1']);
  });

  it('are shown at once when they are decoded, and not before', async () => {
    const { store, look } = tiles(4);
    const lookAtOnce = (key: string) => {
      let seen: number | null = null;
      const isThere = store.lookAtOnce(key, (tile) => {
        seen = tile[0] ?? null;
      });
      return isThere ? seen : null;
    };
    expect(lookAtOnce('1')).toBeNull();
    const first = look('1');
    expect(lookAtOnce('1')).toBeNull();
    await first;
    expect(lookAtOnce('1')).toBe(1);
    store.clear();
    expect(lookAtOnce('1')).toBeNull();
  });

  it('give way to others, the one not asked for the longest first', async () => {
    const { look, decoded } = tiles(2);
    for (const key of ['1', '2', '1', '3', '1', '2']) expect(await look(key)).toBe(Number(key));
    expect(decoded).toEqual(['1', '2', '3', '2']);
  });

  it('are seen whole by whoever waits for them while others push them out', async () => {
    const { look } = tiles(2);
    const keys = Array.from({ length: 40 }, (_, i) => String((i * 7) % 13));
    expect(await Promise.all(keys.map(look))).toEqual(keys.map(Number));
  });

  it('are not kept when they could not be decoded', async () => {
    const { look, store } = tiles(4);
    const broken = store.use(
      '1',
      TILE,
      () => Promise.reject(new Error('broken')),
      () => {},
    );
    await expect(broken).rejects.toThrow('broken');
    expect(await look('1')).toBe(1);
  });

  it('are not kept where there is no room for any', async () => {
    const { look, decoded } = tiles(0);
    expect([await look('1'), await look('1')]).toEqual([1, 1]);
    expect(decoded).toEqual(['1', '1']);
  });
});
