import { describe, expect, it } from 'vitest';
import { upstreams } from './upstreams.ts';

const ROW = upstreams({ group: 'Image server behind', commands: ['gateway'], sentence: '' });
const parse = (given: unknown) => ROW.schema.safeParse(given);
const PLAIN = { prefix: '', headers: {}, slash: '%2F', knownAs: [], manifests: null };

describe('the option that names image servers', () => {
  it.each([
    ['http://127.0.0.1:8182/iiif/3', { ...PLAIN, url: 'http://127.0.0.1:8182/iiif/3/', version: 3 }],
    ['http://127.0.0.1:8182/iiif/2//', { ...PLAIN, url: 'http://127.0.0.1:8182/iiif/2/', version: 2 }],
    ['http://localhost/fcgi-bin/iipsrv.fcgi?IIIF=', { ...PLAIN, url: 'http://localhost/fcgi-bin/iipsrv.fcgi?IIIF=', version: 2 }],
    ['https://images.example.org', { ...PLAIN, url: 'https://images.example.org/', version: 2 }],
    [
      'http://reader:p%40ss@localhost/iiif/3',
      { ...PLAIN, url: 'http://localhost/iiif/3/', version: 3, headers: { authorization: `Basic ${btoa('reader:p@ss')}` } },
    ],
  ])('reads %s', (given, expected) => {
    expect(parse(given).data).toEqual([expected]);
  });

  it('reads one with everything, and several by prefix', () => {
    const one = {
      url: 'http://localhost/x',
      version: 3,
      headers: { 'X-Key': 'secret' },
      slash: '!',
      knownAs: 'https://a.example/iiif/3',
      manifests: 'http://localhost/manifests',
    };
    const expected = {
      ...one,
      url: 'http://localhost/x/',
      knownAs: ['https://a.example/iiif/3/'],
      manifests: 'http://localhost/manifests/',
    };
    expect(parse(one).data).toEqual([{ ...expected, prefix: '' }]);
    expect(parse({ maps: one, prints: 'http://localhost/iiif/2' }).data).toEqual([
      { ...expected, prefix: 'maps' },
      { ...PLAIN, prefix: 'prints', url: 'http://localhost/iiif/2/', version: 2 },
    ]);
  });

  it('gives 1 on as 2', () => {
    expect(parse({ url: 'http://localhost/', version: 1 }).data).toEqual([
      { ...PLAIN, url: 'http://localhost/', version: 2, isOfVersion1: true },
    ]);
  });

  it.each([
    'localhost',
    'ftp://localhost/',
    'http://localhost/?IIIF=x',
    'http://localhost/#iiif',
    {},
    { maps: 'nowhere' },
    { 'a/b': 'http://localhost/' },
    { url: 'http://localhost/', version: 4 },
    { url: 'http://localhost/', headers: { Host: 'inner' } },
    { url: 'http://localhost/', headers: { 'X-Key': 'a\r\nb' } },
    { url: 'http://localhost/', slash: '/' },
    { url: 'http://localhost/', manifests: 'http://localhost/?x=' },
    { url: 'http://localhost/', unknown: 1 },
  ])('does not read %j', (given) => {
    expect(parse(given).success).toBe(false);
  });
});
