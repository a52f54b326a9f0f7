import { describe, expect, it } from 'vitest';
import type { Raster } from './raster.ts';
import { createRasterCache } from './raster-cache.ts';

const raster = (bytes: number): Raster => ({ data: new Uint8Array(bytes), width: bytes, height: 1, channels: 1 });

/** A load that counts how often it ran. */
function counted(bytes: number) {
  let loads = 0;
  return {
    load: async () => {
      loads += 1;
      return raster(bytes);
    },
    loads: () => loads,
  };
}

describe('the raster cache', () => {
  it('decodes once for many who ask at the same time', async () => {
    const cache = createRasterCache(1000);
    const picture = counted(100);
    const all = await Promise.all(Array.from({ length: 30 }, () => cache.get('a', 100, picture.load)));
    expect(new Set(all).size).toBe(1);
    expect(picture.loads()).toBe(1);
  });

  it('drops what was not used for the longest time, by bytes', async () => {
    const cache = createRasterCache(1000);
    const [a, b, c] = [counted(400), counted(400), counted(400)];
    await cache.get('a', 400, a.load);
    await cache.get('b', 400, b.load);
    await cache.get('a', 400, a.load);
    await cache.get('c', 400, c.load);
    await cache.get('a', 400, a.load);
    await cache.get('b', 400, b.load);
    expect([a.loads(), b.loads(), c.loads()]).toEqual([1, 2, 1]);
  });

  it('does not keep a failed decode', async () => {
    const cache = createRasterCache(1000);
    await expect(cache.get('a', 10, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    const picture = counted(10);
    await cache.get('a', 10, picture.load);
    expect(picture.loads()).toBe(1);
  });

  it('keeps no giant, and nothing at all without memory', async () => {
    for (const [memory, bytes] of [
      [1000, 900],
      [0, 1],
    ] as const) {
      const cache = createRasterCache(memory);
      const picture = counted(bytes);
      expect(cache.holds(bytes)).toBe(false);
      await cache.get('a', bytes, picture.load);
      await cache.get('a', bytes, picture.load);
      expect(picture.loads()).toBe(2);
    }
  });
});
