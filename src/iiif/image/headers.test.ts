import { describe, expect, it } from 'vitest';
import { CONTENT_TYPES } from './features.ts';
import { canonicalLink, informationMediaType, profileLink } from './headers.ts';
import { FORMATS } from './request.ts';

const LINKED = { 2: 'application/ld+json', 3: 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"' };
const PLAIN = 'application/json';

describe('links', () => {
  it('name the profile document of the version', () => {
    expect(profileLink(2)).toBe('<http://iiif.io/api/image/2/level2.json>;rel="profile"');
    expect(profileLink(3)).toBe('<http://iiif.io/api/image/3/level2.json>;rel="profile"');
  });

  it('name the canonical URI', () => {
    const link = canonicalLink('https://iiif.example.org/iiif/3/a%2Fb', { canonical: 'full/^max/0/default.jpg' });
    expect(link).toBe('<https://iiif.example.org/iiif/3/a%2Fb/full/^max/0/default.jpg>;rel="canonical"');
  });
});

describe('CONTENT_TYPES', () => {
  it('has a media type for each format', () => {
    expect(Object.keys(CONTENT_TYPES).sort()).toEqual([...FORMATS].sort());
  });
});

describe('informationMediaType', () => {
  it.each([
    [null, PLAIN, LINKED[3]],
    ['', PLAIN, LINKED[3]],
    ['*/*', PLAIN, LINKED[3]],
    ['application/*', PLAIN, LINKED[3]],
    ['application/json', PLAIN, PLAIN],
    ['APPLICATION/JSON', PLAIN, PLAIN],
    ['application/ld+json', LINKED[2], LINKED[3]],
    ['application/ld+json;profile="http://iiif.io/api/image/3/context.json"', LINKED[2], LINKED[3]],
    ['application/ld+json; profile="a,b;q=0"; q=0.9, application/json;q=0.8', LINKED[2], LINKED[3]],
    ['application/json, application/ld+json', LINKED[2], LINKED[3]],
    ['application/ld+json, application/json', LINKED[2], LINKED[3]],
    ['application/ld+json;q=0.5, application/json', PLAIN, PLAIN],
    ['application/json;q=0.5, application/ld+json', LINKED[2], LINKED[3]],
    ['application/json;q=0.5, */*;q=0.1', PLAIN, PLAIN],
    ['application/json;q=0.1, */*', PLAIN, LINKED[3]],
    ['application/ld+json;q=0.1, */*;q=0.5', PLAIN, PLAIN],
    ['application/ld+json;q=0, */*', PLAIN, PLAIN],
    ['application/ld+json;q=0', PLAIN, PLAIN],
    ['application/ld+json;q=2', PLAIN, LINKED[3]],
    ['application/ld+json;q=0.0001, application/json;q=0.5', PLAIN, PLAIN],
    ['text/html', PLAIN, LINKED[3]],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8', PLAIN, LINKED[3]],
    [`application/json${' '.repeat(2_000)}`, PLAIN, LINKED[3]],
    ['"'.repeat(1_999), PLAIN, LINKED[3]],
    [',;,;q=,;;', PLAIN, LINKED[3]],
  ])('for %j is %s in 2.1 and %s in 3.0', (accept, version2, version3) => {
    expect(informationMediaType(2, accept)).toBe(version2);
    expect(informationMediaType(3, accept)).toBe(version3);
  });
});
