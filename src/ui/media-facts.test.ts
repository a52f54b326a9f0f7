import { describe, expect, it } from 'vitest';
import { mediaFactsLine } from './media-facts.ts';

const NOTHING = { kind: 'film', seconds: null, size: null, bytes: null } as const;

describe('what is known of a film', () => {
  it.each([
    [{}, 'Film'],
    [{ seconds: 0.2 }, 'Film · 0:01'],
    [{ seconds: 59.6 }, 'Film · 1:00'],
    [{ seconds: 3_725 }, 'Film · 1:02:05'],
    [{ size: { width: 640, height: 360 }, bytes: 0 }, 'Film · 640 × 360 pixels · 0 bytes'],
    [{ bytes: 1_234 }, 'Film · 1.2 kB'],
    [{ bytes: 12_345_678 }, 'Film · 12 MB'],
    [{ bytes: 2_500_000_000 }, 'Film · 2.5 GB'],
  ])('%j is told as %j', (facts, line) => {
    expect(mediaFactsLine({ ...NOTHING, ...facts }, 'en')).toBe(line);
  });

  it('is told in the language of the page', () => {
    expect(mediaFactsLine({ ...NOTHING, kind: 'sound', bytes: 1_234 }, 'de')).toBe('Ton · 1,2 kB');
  });
});
