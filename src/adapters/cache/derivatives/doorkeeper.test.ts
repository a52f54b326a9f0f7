import { describe, expect, it } from 'vitest';
import { createDoorkeeper } from './doorkeeper.ts';

describe('a doorkeeper', () => {
  it('knows who came before', () => {
    const { hasCome } = createDoorkeeper();
    expect([hasCome('a'), hasCome('b'), hasCome('a'), hasCome('b'), hasCome('')]).toEqual([false, false, true, true, false]);
    expect(hasCome('')).toBe(true);
  });

  it('takes nobody for another, and forgets few of those who came lately', () => {
    const { hasCome } = createDoorkeeper();
    const names = Array.from({ length: 20_000 }, (_, i) => `letters/anna.jpg 0,${i * 256},256,256 256,256 0 default jpg`);
    expect(names.filter(hasCome)).toEqual([]);
    expect(names.filter(hasCome).length).toBeGreaterThan(20_000 * 0.9);
  });
});
