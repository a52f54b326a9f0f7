import { describe, expect, it } from 'vitest';
import { createMemoryDerivatives } from '../../../src/adapters/cache/derivatives/memory.ts';
import type { DerivativeKey } from '../../../src/domain/derivative.ts';

const KILOBYTE = 1024;

function key(text: string, item = 'a.jpg'): DerivativeKey {
  return { text, item };
}

describe('derivatives in memory', () => {
  it('are given back as they were put', () => {
    const memory = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    memory.put(key('a'), Uint8Array.of(1, 2, 3), 1);
    expect(memory.get('a')).toEqual(Uint8Array.of(1, 2, 3));
    expect(memory.get('b')).toBeNull();
    expect(memory.stats()).toMatchObject({ derivatives: 1, hits: 1, misses: 1 });
  });

  it('never take more than they may, and those asked for the longest ago go first', () => {
    const memory = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    for (let n = 0; n < 50; n += 1) {
      memory.put(key(`${n}`), new Uint8Array(10 * KILOBYTE), 1);
      memory.get('0');
      expect(memory.stats().bytes).toBeLessThanOrEqual(100 * KILOBYTE);
    }
    expect(memory.stats().bytes).toBeGreaterThan(50 * KILOBYTE);
    expect(memory.get('0')).not.toBeNull();
    expect(memory.get('1')).toBeNull();
    expect(memory.get('49')).not.toBeNull();
  });

  it('that were costly for their size outlast cheap ones, and not for ever', () => {
    const memory = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    memory.put(key('costly'), new Uint8Array(10 * KILOBYTE), 100);
    for (let n = 0; n < 50; n += 1) memory.put(key(`cheap ${n}`), new Uint8Array(10 * KILOBYTE), 1);
    expect(memory.get('cheap 0')).toBeNull();
    expect(memory.get('costly')).not.toBeNull();
    for (let n = 0; n < 5000; n += 1) memory.put(key(`more ${n}`), new Uint8Array(10 * KILOBYTE), 1);
    expect(memory.get('costly')).toBeNull();
  });

  it('that are a large share of the whole are not kept, and push nothing out', () => {
    const memory = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    memory.put(key('small'), new Uint8Array(KILOBYTE), 1);
    memory.put(key('large'), new Uint8Array(50 * KILOBYTE), 1000);
    expect(memory.get('large')).toBeNull();
    expect(memory.get('small')).not.toBeNull();
  });

  it('put again are counted once', () => {
    const memory = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    for (let n = 0; n < 100; n += 1) memory.put(key('a'), new Uint8Array(10 * KILOBYTE), n);
    expect(memory.stats()).toMatchObject({ derivatives: 1 });
    expect(memory.stats().bytes).toBeLessThan(12 * KILOBYTE);
  });

  it('of no bytes still count', () => {
    const memory = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    for (let n = 0; n < 1000; n += 1) memory.put(key(`${n}`), new Uint8Array(0), 1);
    expect(memory.get('0')).toBeNull();
  });

  it('do not keep alive the large buffer that they were cut from', () => {
    const memory = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    const large = new Uint8Array(1000 * KILOBYTE).fill(7);
    memory.put(key('a'), large.subarray(10, 20), 1);
    const found = memory.get('a');
    expect(found).toEqual(new Uint8Array(10).fill(7));
    expect(found?.buffer.byteLength).toBe(10);
  });

  it('may be switched off', () => {
    const memory = createMemoryDerivatives({ maxBytes: 0 });
    memory.put(key('a'), Uint8Array.of(1), 1);
    expect(memory.get('a')).toBeNull();
  });

  it('go with their item, their folder, and the item whose bytes they show', () => {
    const memory = createMemoryDerivatives({ maxBytes: 100 * KILOBYTE });
    const fill = () => {
      memory.put(key('of a', 'letters/a.jpg'), Uint8Array.of(1), 1);
      memory.put({ text: 'shows a', item: 'letters/b.jpg', standIn: 'letters/a.jpg' }, Uint8Array.of(1), 1);
      memory.put(key('of another', 'letters-of-others/a.jpg'), Uint8Array.of(1), 1);
    };
    fill();
    expect(memory.purge({ kind: 'item', path: 'letters/a.jpg' })).toBe(2);
    fill();
    expect(memory.purge({ kind: 'folder', path: 'letters' })).toBe(2);
    expect(memory.get('of another')).not.toBeNull();
    fill();
    expect(memory.purge({ kind: 'everything' })).toBe(3);
    expect(memory.stats()).toMatchObject({ derivatives: 0, bytes: 0 });
  });
});
