import { describe, expect, it } from 'vitest';
import type { LanguageMap } from '../../lib/language-map.ts';
import { ACTIVE_TEXTS, PROBE_TEXTS, TOKEN_ERROR_TEXTS, UNASKED_TEXTS } from './texts.ts';

const tables: ReadonlyArray<Readonly<Record<string, object>>> = [ACTIVE_TEXTS, UNASKED_TEXTS, TOKEN_ERROR_TEXTS, PROBE_TEXTS];
const maps = tables.flatMap((table) => Object.values(table)).flatMap((texts) => Object.values<LanguageMap>({ ...texts }));

describe('the texts of viewers', () => {
  it('are all there in English, German and French', () => {
    for (const texts of maps) {
      expect(Object.keys(texts)).toEqual(['en', 'de', 'fr']);
      expect(Object.values(texts).every((list) => list.length === 1 && list[0]?.trim() !== '')).toBe(true);
    }
  });

  it('hold no markup, since some viewers show them as HTML', () => {
    expect(maps.flatMap((texts) => Object.values(texts).flat()).filter((text) => /[<>&]/.test(text))).toEqual([]);
  });
});
