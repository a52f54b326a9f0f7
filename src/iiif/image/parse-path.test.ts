import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../lib/problems.ts';
import { encodeIdentifier, parseImagePath } from './parse-path.ts';

const PLAIN = { slashSubstitute: null };
const BANG = { slashSubstitute: '!' };

describe('parseImagePath', () => {
  it('reads the base URI', () => {
    expect(parseImagePath('maps%2Feast.tif', 3, PLAIN)).toEqual({ kind: 'base', identifier: 'maps/east.tif' });
  });

  it('reads an information request', () => {
    expect(parseImagePath('maps%2Feast.tif/info.json', 2, PLAIN)).toEqual({ kind: 'information', identifier: 'maps/east.tif' });
  });

  it('reads an image request', () => {
    expect(parseImagePath('maps%2feast.tif/0,10,100,200/pct:50/!90/gray.png', 2, PLAIN)).toEqual({
      kind: 'image',
      request: {
        version: 2,
        identifier: 'maps/east.tif',
        region: { kind: 'pixels', x: 0, y: 10, width: 100, height: 200 },
        size: { kind: 'percent', percent: 50, upscale: false },
        rotation: { mirrored: true, degrees: 90 },
        quality: 'gray',
        format: 'png',
      },
    });
  });

  it('reads parameters that are percent-encoded, which §9 calls unnecessary and unambiguous', () => {
    const plain = parseImagePath('a/pct:1,2,3,4/^!10,20/!22.5/default.jpg', 3, PLAIN);
    expect(parseImagePath('a/pct%3A1%2C2%2C3%2C4/%5E%2110%2c20/%2122%2E5/%64efault.jpg', 3, PLAIN)).toEqual(plain);
    expect(parseImagePath('a/info%2Ejson', 3, PLAIN)).toEqual({ kind: 'information', identifier: 'a' });
  });

  it.each([
    ['id1', 'id1'],
    ['bb157hs6068', 'bb157hs6068'],
    ['ark:%2F12025%2F654xz321', 'ark:/12025/654xz321'],
    ['urn:foo:a123,456', 'urn:foo:a123,456'],
    ['urn:sici:1046-8188(199501)13:1%253C69:FTTHBI%253E2.0.TX;2-4', 'urn:sici:1046-8188(199501)13:1%3C69:FTTHBI%3E2.0.TX;2-4'],
    ['M%C3%BCller%20%231.jpg', 'Müller #1.jpg'],
    ['a+b.jpg', 'a+b.jpg'],
    ['scan@2x.png', 'scan@2x.png'],
    ['book.tif%2F2', 'book.tif/2'],
    ['full', 'full'],
    ['info.json', 'info.json'],
    ['...', '...'],
    ['a..b', 'a..b'],
  ])('decodes the identifier %s once', (raw, identifier) => {
    expect(parseImagePath(`${raw}/info.json`, 3, PLAIN)).toEqual({ kind: 'information', identifier });
  });

  it('decodes a double-encoded slash once only', () => {
    expect(parseImagePath('a%252Fb/info.json', 3, PLAIN)).toEqual({ kind: 'information', identifier: 'a%2Fb' });
  });

  it('takes the substitute for a slash only where it is configured and unescaped', () => {
    expect(parseImagePath('a!b%2Fc%21d', 3, BANG)).toEqual({ kind: 'base', identifier: 'a/b/c!d' });
    expect(parseImagePath('a!b', 3, PLAIN)).toEqual({ kind: 'base', identifier: 'a!b' });
    expect(parseImagePath('a/full/!10,10/!90/default.jpg', 3, BANG)).toMatchObject({ kind: 'image' });
  });

  it.each(['a!!b', '!a', 'a!', '!', 'a!..!b', '..!a', 'a!.', 'a!%2e%2e', 'a!%2Fb'])('refuses %s where ! stands for a slash', (raw) => {
    expect(parseImagePath(raw, 3, BANG)).toMatchObject({ kind: 'refused', code: 'image.identifier' });
  });

  it.each([
    'maps/east.tif/info.json',
    'maps/east.tif',
    'maps/east.tif/full/max/0/default.jpg',
    'a/full/max/0',
    'a/',
    'a/full/max/0/default.jpg/',
  ])('refuses %s and says how slashes are written', (raw) => {
    expect(parseImagePath(raw, 3, PLAIN)).toMatchObject({ code: 'image.identifier', detail: expect.stringContaining('%2F') });
  });

  it.each([
    ['a/fulll/max/0/default.jpg', 'image.region'],
    ['a/full/maxx/0/default.jpg', 'image.size'],
    ['a/full/max/x/default.jpg', 'image.rotation'],
    ['a/full/max/0/best.jpg', 'image.quality'],
    ['a/full/max/0/default.bmp', 'image.format'],
    ['a/full%2Fmax/max/0/default.jpg', 'image.region'],
    ['a/%E0%A4%A/max/0/default.jpg', 'image.region'],
    ['a/full/%/0/default.jpg', 'image.size'],
    ['a/full/max/0%00/default.jpg', 'image.rotation'],
    ['a/full/max/0/default.jpg%0A', 'image.quality'],
  ])('names the parameter of %s that is wrong', (raw, code) => {
    expect(parseImagePath(raw, 3, PLAIN)).toMatchObject({ kind: 'refused', code });
  });

  it('refuses a path and an identifier that are too long', () => {
    expect(parseImagePath('a'.repeat(1_024), 3, PLAIN)).toMatchObject({ kind: 'base' });
    expect(parseImagePath('a'.repeat(1_025), 3, PLAIN)).toMatchObject({ code: 'image.identifier' });
    expect(parseImagePath(`a/${'0'.repeat(8_192)}`, 3, PLAIN)).toMatchObject({ code: 'image.identifier' });
  });
});

describe('encodeIdentifier', () => {
  it.each([
    ['ark:/12025/654xz321', 'ark:%2F12025%2F654xz321'],
    ['urn:foo:a123,456', 'urn:foo:a123,456'],
    ['urn:sici:1046-8188(199501)13:1%3C69:FTTHBI%3E2.0.TX;2-4', 'urn:sici:1046-8188(199501)13:1%253C69:FTTHBI%253E2.0.TX;2-4'],
    ['http://example.com/?54#a', 'http:%2F%2Fexample.com%2F%3F54%23a'],
  ])('writes %s as the specification does', (identifier, expected) => {
    expect(encodeIdentifier(identifier, null)).toBe(expected);
  });

  it('writes the substitute for slashes and escapes it elsewhere', () => {
    expect(encodeIdentifier('a/b!c', '!')).toBe('a!b%21c');
    expect(encodeIdentifier('ark:/1', ':')).toBe('ark%3A:1');
    expect(encodeIdentifier('a~/b', '~~')).toBe('a%7E~~b');
  });

  it('writes what parseImagePath reads back', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((text) => !/[/\\]|^\.\.?$/.test(text) && text.isWellFormed());
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(null, '!', '~', ':', '~~', '$', '*:='),
        (names, slashSubstitute) => {
          const identifier = names.join('/');
          const read = parseImagePath(encodeIdentifier(identifier, slashSubstitute), 3, { slashSubstitute });
          if (/\p{Cc}/u.test(identifier)) expect(isRefusal(read)).toBe(true);
          else expect(read).toEqual({ kind: 'base', identifier });
        },
      ),
    );
  });
});
