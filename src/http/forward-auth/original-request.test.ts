import { describe, expect, it } from 'vitest';
import { type AskingWay, readOriginalRequest } from './original-request.ts';

function read(way: AskingWay, headers: Readonly<Record<string, string>>, base = 'https://iiif.example.org') {
  return readOriginalRequest(way, { header: (name) => headers[name] ?? null, base });
}

describe('the request that a proxy asks about', () => {
  it('stays as it was sent', () => {
    const headers = { 'x-original-uri': '/iiif/3/a%2Fb%252F/full/max/0/default.jpg', 'x-original-method': 'GET' };
    expect(read('auth-request', headers)).toEqual({
      method: 'GET',
      path: '/iiif/3/a%2Fb%252F/full/max/0/default.jpg',
      hasQuery: false,
    });
  });

  it('is without its query, which changes nothing', () => {
    const headers = { 'x-forwarded-uri': '/iiif/3/a/info.json?b=/c?d', 'x-forwarded-method': 'HEAD' };
    expect(read('forward-auth', headers)).toEqual({ method: 'HEAD', path: '/iiif/3/a/info.json', hasQuery: true });
  });

  it.each([
    ['https://iiif.example.org/library', '/library/iiif/3/a/info.json', '/iiif/3/a/info.json'],
    ['https://iiif.example.org:8443', '/iiif/3/a/info.json', '/iiif/3/a/info.json'],
    ['http://[::1]:8080/a/b', '/a/b/iiif/3/a/info.json', '/iiif/3/a/info.json'],
  ])('below %s is read without our own base path', (base, uri, path) => {
    expect(read('auth-request', { 'x-original-uri': uri, 'x-original-method': 'GET' }, base)?.path).toBe(path);
  });

  it('is none of ours outside of our base path', () => {
    const headers = { 'x-original-uri': '/libraryiiif/3/a/info.json', 'x-original-method': 'GET' };
    expect(read('auth-request', headers, 'https://iiif.example.org/library')).toBeNull();
  });

  it('is believed from the headers of the way that the proxy asks in, and no others', () => {
    const other = { 'x-forwarded-uri': '/iiif/3/open/info.json', 'x-forwarded-method': 'GET' };
    expect(read('auth-request', other)).toBeNull();
    expect(read('auth-request', { ...other, 'x-original-uri': '/iiif/3/a/info.json', 'x-original-method': 'GET' })?.path).toBe(
      '/iiif/3/a/info.json',
    );
  });

  it.each<Record<string, string>>([
    {},
    { 'x-original-uri': '/iiif/3/a/info.json' },
    { 'x-original-method': 'GET' },
    { 'x-original-uri': 'iiif/3/a/info.json', 'x-original-method': 'GET' },
    { 'x-original-uri': 'https://iiif.example.org/iiif/3/a/info.json', 'x-original-method': 'GET' },
    { 'x-original-uri': '/iiif/3/a/info.json', 'x-original-method': 'get' },
    // Twice, as Node joins it.
    { 'x-original-uri': '/iiif/3/a/info.json', 'x-original-method': 'GET, GET' },
  ])('is none where the proxy does not say which: %j', (headers) => {
    expect(read('auth-request', headers)).toBeNull();
  });
});
