import { describe, expect, it } from 'vitest';
import { fill, interfaceLanguage, LANGUAGES, preferredLanguage, textsIn } from './texts.ts';

describe('preferredLanguage', () => {
  it.each([
    [null, 'en'],
    ['de-AT,de;q=0.9,en;q=0.5', 'de'],
    ['nl, fr;q=0.7, en;q=0.3', 'fr'],
    ['en;q=0.2, de;q=0.8', 'de'],
    ['de;q=0, fr', 'fr'],
    ['*', 'en'],
  ])('answers %j with %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});

describe('interfaceLanguage', () => {
  it('takes the language without its region, and English for what we do not speak', () => {
    expect(interfaceLanguage('fr-CA')).toBe('fr');
    expect(interfaceLanguage('nl')).toBe('en');
  });
});

describe('the table of texts', () => {
  it.each(LANGUAGES)('has a text for everything in %s, with the same places for values as in English', (language) => {
    const places = (text: string) => (text.match(/\{[a-z]+\}/g) ?? []).sort();
    const english = Object.entries(textsIn('en'));
    for (const [name, text] of english) {
      const own = textsIn(language)[name as keyof ReturnType<typeof textsIn>];
      expect(own.trim(), name).not.toBe('');
      expect(places(own), name).toEqual(places(text));
    }
  });
});

describe('fill', () => {
  it('puts values in as they are, and reads no place in a value', () => {
    expect(fill('{user} at {host}', { user: '{host} $& <b>', host: 'x' })).toBe('{host} $& <b> at x');
  });

  it('leaves a place without a value as it is', () => {
    expect(fill('{user}', {})).toBe('{user}');
  });
});
