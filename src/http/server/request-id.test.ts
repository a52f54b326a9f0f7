import { describe, expect, it } from 'vitest';
import { createRequestIds } from './request-id.ts';

describe('the id of a request', () => {
  const next = createRequestIds();

  it('is that which a believed proxy has given it', () => {
    expect(next('4bf92f35-77b3/1', true)).toBe('4bf92f35-77b3/1');
  });

  it.each([
    [null, true],
    ['', true],
    ['from-a-visitor', false],
    ['two words', true],
    ['"quoted"', true],
    ['a\u0001b', true],
    ['x'.repeat(129), true],
  ])('is made here for %j, believed or not: %s', (given, isBelieved) => {
    const id = next(given, isBelieved);
    expect(id).toMatch(/^[0-9a-f]{12}-[0-9a-z]+$/);
    expect(id).not.toBe(next(given, isBelieved));
  });
});
