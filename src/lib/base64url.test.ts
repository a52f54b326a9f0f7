import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64Url, encodeBase64Url } from './base64url.ts';

describe('text in base64url', () => {
  it('comes back as it was, in letters that a path segment may hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const written = encodeBase64Url(text);
        expect(written).toMatch(/^[A-Za-z0-9_-]*$/);
        expect(decodeBase64Url(written)).toBe(text);
      }),
    );
  });

  it('agrees with Node', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(encodeBase64Url(text)).toBe(Buffer.from(text).toString('base64url'));
      }),
    );
  });

  it.each(['=', 'YQ==', 'YR', 'a+b/', 'é', '_w', '7aCA'])('is not read from %j, which is another spelling or no text', (written) => {
    expect(decodeBase64Url(written)).toBeNull();
  });
});
