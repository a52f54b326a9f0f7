import { describe, expect, it } from 'vitest';
import { bytesWithHeadroom, takeHeadroom } from './headroom.ts';

describe('room before bytes', () => {
  it('takes what goes before them, without moving them', () => {
    const bytes = bytesWithHeadroom(3);
    bytes.set([1, 2, 3]);
    const whole = takeHeadroom(bytes, 2);
    whole?.set([8, 9]);
    expect([...(whole ?? [])]).toEqual([8, 9, 1, 2, 3]);
    expect([...bytes]).toEqual([1, 2, 3]);
  });

  it('is for one only', () => {
    const bytes = bytesWithHeadroom(3);
    expect(takeHeadroom(bytes, 2)).not.toBeNull();
    expect(takeHeadroom(bytes, 2)).toBeNull();
  });

  it('is not there before other bytes, nor endless', () => {
    expect(takeHeadroom(new Uint8Array(9).subarray(4), 2)).toBeNull();
    expect(takeHeadroom(bytesWithHeadroom(9).subarray(4), 2)).toBeNull();
    expect(takeHeadroom(bytesWithHeadroom(9), 2_000)).toBeNull();
  });
});
