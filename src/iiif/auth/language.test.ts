import { describe, expect, it } from 'vitest';
import { chooseLanguage, chooseTexts } from './language.ts';

describe('chooseLanguage', () => {
  it.each([
    ['an exact match', ['en', 'de'], ['de'], 'de'],
    ['the first preference that has a text', ['en', 'de'], ['ja', 'de', 'en'], 'de'],
    ['a wider tag', ['en', 'de'], ['de-ch'], 'de'],
    ['a narrower tag', ['en', 'de-CH'], ['de'], 'de-CH'],
    ['an exact match before a wider one', ['de', 'de-CH'], ['de-ch'], 'de-CH'],
    ['whatever the case', ['en', 'DE-ch'], ['de-CH'], 'DE-ch'],
    ['the text without a language when nothing matches', ['en', 'none'], ['ja'], 'none'],
    ['English when nothing matches', ['de', 'en'], ['ja'], 'en'],
    ['some English', ['de', 'en-GB'], [], 'en-GB'],
    ['the first when there is nothing better', ['de', 'fr'], ['ja'], 'de'],
    ['nothing for a star', ['de', 'fr'], ['*'], 'de'],
    ['no other language that begins with the same letters', ['den', 'en'], ['de'], 'en'],
  ])('takes %s', (_, keys, preferences, expected) => {
    expect(chooseLanguage(Object.fromEntries(keys.map((key) => [key, ['x']])), preferences)).toBe(expected);
  });

  it('gives null for no texts at all', () => {
    expect(chooseLanguage({}, ['en'])).toBeNull();
    expect(chooseTexts({}, ['en'])).toEqual([]);
  });
});
