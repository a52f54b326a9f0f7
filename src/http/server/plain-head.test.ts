import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPairReader, createPlainReader } from './plain-head.ts';

const HEAD = 'GET /iiif/3/a.jpg/full/max/0/default.jpg HTTP/1.1\r\nHost: localhost\r\nCookie: a=b; c=d\r\n\r\n';

const read = (text: string) => createPlainReader()(Buffer.from(text, 'latin1'));

describe('a request in the plain form', () => {
  it('is its target and its header fields', () => {
    const head = read(HEAD);
    expect(head?.target).toBe('/iiif/3/a.jpg/full/max/0/default.jpg');
    expect(Object.fromEntries(head?.fields ?? [])).toEqual({ host: 'localhost', cookie: 'a=b; c=d' });
  });

  it('is known again by its fields, and not mixed up with the last one', () => {
    const reader = createPlainReader();
    const [first, again] = [reader(Buffer.from(HEAD)), reader(Buffer.from(HEAD.replace('a.jpg', 'b.jpg')))];
    expect(again?.target).toContain('b.jpg');
    expect(again?.fields).toBe(first?.fields);
    expect(reader(Buffer.from(HEAD.replace('a=b', 'x=y')))?.fields.get('cookie')).toBe('x=y; c=d');
  });

  it('may say that the connection stays', () => {
    expect(read('GET / HTTP/1.1\r\nhost: a\r\nConnection: Keep-Alive\r\n\r\n')).not.toBeNull();
  });
});

describe('a request that is not simple', () => {
  it.each([
    ['of another method', HEAD.replace('GET', 'HEAD')],
    ['with a body', HEAD.replace('GET', 'POST').replace('Cookie', 'Content-Length: 3\r\nCookie').concat('a=b')],
    ['with an empty body', HEAD.replace('Cookie', 'Content-Length: 0\r\nCookie')],
    ['with the credential of a script', HEAD.replace('Cookie', 'Authorization: Bearer x\r\nCookie')],
    ['for a part', HEAD.replace('Cookie', 'Range: bytes=0-1\r\nCookie')],
  ])('is still known to end where it does, %s', (_name, text) => {
    expect(read(text)?.isSimple).toBe(false);
    expect(read(HEAD)?.isSimple).toBe(true);
  });
});

describe('what is left to the HTTP parser', () => {
  it.each([
    ['another version', HEAD.replace('1.1', '1.0')],
    ['an absolute target', HEAD.replace('/iiif', 'http://localhost/iiif')],
    ['two spaces', HEAD.replace('GET ', 'GET  ')],
    ['a blank in the target', HEAD.replace('a.jpg', 'a b.jpg')],
    ['a control character in the target', HEAD.replace('a.jpg', 'a\0.jpg')],
    ['bytes above ASCII in the target', HEAD.replace('a.jpg', '\xe4.jpg')],
    ['no host', HEAD.replace('Host: localhost\r\n', '')],
    ['no header at all', 'GET / HTTP/1.1\r\n\r\n'],
    ['two hosts', HEAD.replace('Cookie', 'host: other\r\nCookie')],
    ['a header twice', HEAD.replace('Cookie', 'Accept: a\r\nAccept: b\r\nCookie')],
    ['half a head', HEAD.slice(0, -2)],
    ['two requests', HEAD + HEAD],
    ['something behind the head', `${HEAD}a`],
    ['another method', HEAD.replace('GET', 'BREW')],
    ['a body that is not all there', HEAD.replace('Cookie', 'Content-Length: 4\r\nCookie').concat('a=b')],
    ['more than its body', HEAD.replace('Cookie', 'Content-Length: 2\r\nCookie').concat('a=b')],
    ['a length that is no number', HEAD.replace('Cookie', 'Content-Length: +3\r\nCookie').concat('a=b')],
    ['a length in two ways', HEAD.replace('Cookie', 'Content-Length: 3, 3\r\nCookie').concat('a=b')],
    ['a length twice', HEAD.replace('Cookie', 'Content-Length: 3\r\ncontent-length: 3\r\nCookie').concat('a=b')],
    ['a body in chunks', HEAD.replace('Cookie', 'Transfer-Encoding: chunked\r\nCookie')],
    ['a length in disguise', HEAD.replace('Cookie', 'Content-Length : 5\r\nCookie')],
    ['a folded line', HEAD.replace('Cookie', 'X: a\r\n b\r\nCookie')],
    ['a bare line feed', HEAD.replace('Cookie', 'X: a\nContent-Length: 5\r\nCookie')],
    ['a bare carriage return', HEAD.replace('Cookie', 'X: a\rContent-Length: 5\r\nCookie')],
    ['a line without a colon', HEAD.replace('Cookie', 'X\r\nCookie')],
    ['a name that is none', HEAD.replace('Cookie', 'X(: a\r\nCookie')],
    ['a connection that ends', HEAD.replace('Cookie', 'Connection: close\r\nCookie')],
    ['another protocol', HEAD.replace('Cookie', 'Upgrade: h2c\r\nCookie')],
    ['an expectation', HEAD.replace('Cookie', 'Expect: 100-continue\r\nCookie')],
  ])('is %s', (_name, text) => {
    expect(read(text)).toBeNull();
  });

  it('is nothing that fails, whatever comes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => read(`GET /${text}\r\n\r\n`) !== undefined));
  });
});

describe('a request of HTTP/2', () => {
  const PAIRS = [
    ':method',
    'GET',
    ':path',
    '/iiif/3/a.jpg/info.json',
    ':scheme',
    'https',
    ':authority',
    'localhost',
    'cookie',
    'a=b',
    'cookie',
    'c=d',
  ];

  it('is the same as that of HTTP/1.1, with its cookies together', () => {
    const head = createPairReader()(PAIRS);
    expect(head?.target).toBe('/iiif/3/a.jpg/info.json');
    expect(Object.fromEntries(head?.fields ?? [])).toEqual({ host: 'localhost', cookie: 'a=b; c=d' });
  });

  it('is known again by its fields, and not mixed up with the last one', () => {
    const reader = createPairReader();
    const change = (from: string, to: string) => PAIRS.map((text) => (text === from ? to : text));
    const [first, again] = [reader(PAIRS), reader(change('/iiif/3/a.jpg/info.json', '/iiif/3/b.jpg/info.json'))];
    expect([again?.target, again?.fields === first?.fields]).toEqual(['/iiif/3/b.jpg/info.json', true]);
    expect(reader(change('a=b', 'x=y'))?.fields.get('cookie')).toBe('x=y; c=d');
    expect(reader([...PAIRS, 'cookie', 'e=f'])?.fields.get('cookie')).toBe('a=b; c=d; e=f');
    expect(reader([...PAIRS, 'range', 'bytes=0-1'])).toBeNull();
    expect(reader(PAIRS)?.fields.get('cookie')).toBe('a=b; c=d');
  });

  it.each([
    ['of another method', [':method', 'HEAD', ...PAIRS.slice(2)]],
    ['to everything', [':method', 'GET', ':path', '*', ...PAIRS.slice(4)]],
    ['with two hosts', [...PAIRS, 'host', 'localhost']],
    ['with a field twice', [...PAIRS, 'x-forwarded-for', '192.0.2.1', 'x-forwarded-for', '192.0.2.2']],
    ['to nobody', PAIRS.filter((_, at) => at !== 6 && at !== 7)],
    ['with the credential of a script', [...PAIRS, 'authorization', 'Bearer x']],
  ])('is left to be read inside, %s', (_name, pairs) => {
    expect(createPairReader()(pairs)).toBeNull();
  });
});
