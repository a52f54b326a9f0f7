import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseListing } from './parse-listing.ts';

const TIME = '2026-01-02T03:04:05.000Z';

function listingOf(body: string, encoding = '<EncodingType>url</EncodingType>'): string {
  return `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>${encoding}${body}</ListBucketResult>`;
}

const objectOf = (key: string, size = '4') =>
  `<Contents><Key>${key}</Key><LastModified>${TIME}</LastModified><ETag>&quot;abc&quot;</ETag><Size>${size}</Size></Contents>`;

const keysOf = (xml: string) => parseListing(xml)?.objects.map(({ key }) => key);

describe('a listing of objects', () => {
  it('has what is known of each, and the common prefixes', () => {
    const xml = listingOf(`<IsTruncated>false</IsTruncated>${objectOf('a.jpg')}<CommonPrefixes><Prefix>maps%2F</Prefix></CommonPrefixes>`);
    expect(parseListing(xml)).toEqual({
      objects: [{ key: 'a.jpg', etag: '"abc"', bytes: 4, modified: new Date(TIME) }],
      prefixes: ['maps/'],
      next: null,
    });
  });

  it('has any key as it is, escaped for addresses or for XML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
        const url = encodeURIComponent(key).replaceAll('%20', '+');
        expect(keysOf(listingOf(objectOf(url)))).toEqual([key]);
        const xml = key.replace(/[&<>\r\n\t]/g, (c) => `&#${c.charCodeAt(0)};`);
        expect(keysOf(listingOf(objectOf(xml), ''))).toEqual([key]);
      }),
    );
  });

  it('says how to go on', () => {
    const xml = listingOf('<IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b=</NextContinuationToken>');
    expect(parseListing(xml)?.next).toBe('a&b=');
  });

  it('leaves out what is no object that could be asked for', () => {
    const odd = [
      objectOf('%ff'),
      objectOf('a', '-1'),
      objectOf('b', 'many'),
      objectOf('c').replace(TIME, 'yesterday'),
      '<Contents><Key>d</Key></Contents>',
    ];
    expect(keysOf(listingOf([...odd, objectOf('e')].join('')))).toEqual(['e']);
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html><body>Sign in</body></html>'],
    ['an error', '<Error><Code>AccessDenied</Code></Error>'],
    ['more without a way to get it', listingOf('<IsTruncated>true</IsTruncated>')],
  ])('is not %s', (_name, xml) => {
    expect(parseListing(xml)).toBeNull();
  });
});
