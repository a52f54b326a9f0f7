import { describe, expect, it } from 'vitest';
import { createMemoryDerivatives } from '../../src/adapters/cache/memory-derivatives.ts';

const KILOBYTE = 1024;

describe('derivatives in memory', () => {
  it('are given back as they were put', async () => {
    const cache = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    await cache.put('a', Uint8Array.of(1, 2, 3));
    expect(await cache.get('a')).toEqual(Uint8Array.of(1, 2, 3));
    expect(await cache.get('b')).toBeNull();
  });

  it('never take more than they may, and those asked for the longest ago go first', async () => {
    const cache = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    for (let n = 0; n < 50; n += 1) {
      await cache.put(`${n}`, new Uint8Array(10 * KILOBYTE));
      await cache.get('0');
    }
    const kept = await Promise.all(Array.from({ length: 50 }, (_, n) => cache.get(`${n}`)));
    const bytes = kept.reduce((sum, found) => sum + (found?.byteLength ?? 0), 0);
    expect(bytes).toBeGreaterThan(50 * KILOBYTE);
    expect(bytes).toBeLessThanOrEqual(100 * KILOBYTE);
    expect(kept[0]).not.toBeNull();
    expect(kept[1]).toBeNull();
    expect(kept[49]).not.toBeNull();
  });

  it('that are a large share of the whole are not kept, and push nothing out', async () => {
    const cache = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    await cache.put('small', new Uint8Array(KILOBYTE));
    await cache.put('large', new Uint8Array(50 * KILOBYTE));
    expect(await cache.get('large')).toBeNull();
    expect(await cache.get('small')).not.toBeNull();
  });

  it('of no bytes still count', async () => {
    const cache = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    for (let n = 0; n < 1000; n += 1) await cache.put(`${n}`, new Uint8Array(0));
    expect(await cache.get('0')).toBeNull();
  });

  it('do not keep alive the large buffer that they were cut from', async () => {
    const cache = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    const large = new Uint8Array(1000 * KILOBYTE).fill(7);
    await cache.put('a', large.subarray(10, 20));
    const found = await cache.get('a');
    expect(found).toEqual(new Uint8Array(10).fill(7));
    expect(found?.buffer.byteLength).toBe(10);
  });

  it('may be switched off', async () => {
    const cache = createMemoryDerivatives({ maxBytes: 0 });
    await cache.put('a', Uint8Array.of(1));
    expect(await cache.get('a')).toBeNull();
  });
});
