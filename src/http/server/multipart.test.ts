import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, parseMultipart } from './multipart.ts';

const BOUNDARY = '----WebKitFormBoundary7MA4YWxkTrZu0gW';

function part(name: string, value: string | Uint8Array, more = ''): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(value), Buffer.from('\r\n')]);
}

const END = Buffer.from(`--${BOUNDARY}--\r\n`);
const FILE = '; filename="people.csv"\r\nContent-Type: text/csv';

describe('a form with a file', () => {
  it('is read field by field, the file as its text', () => {
    const body = Buffer.concat([part('form-token', 'abc'), part('file', '\ufeffname\r\n"zo\u00eb"\r\n\r\n', FILE), part('empty', ''), END]);
    expect([...(parseMultipart(body, BOUNDARY) ?? [])]).toEqual([
      ['form-token', 'abc'],
      ['file', '\ufeffname\r\n"zo\u00eb"\r\n\r\n'],
      ['empty', ''],
    ]);
  });

  it('gives back whatever was in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const form = new FormData();
        form.append('file', new Blob([text.toWellFormed()]), 'a.csv');
        const request = new Request('http://localhost', { method: 'POST', body: form });
        const boundary = boundaryOf(request.headers.get('content-type') ?? '');
        expect(parseMultipart(new Uint8Array(await request.arrayBuffer()), boundary ?? '')?.get('file')).toBe(text.toWellFormed());
      }),
    );
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no end', part('a', 'b')],
    ['a file that is no UTF-8', Buffer.concat([part('file', Uint8Array.of(0xff, 0xfe, 0x41), FILE), END])],
    ['a part without a name', Buffer.concat([Buffer.from(`--${BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nx\r\n`), END])],
    ['a part without an empty line', Buffer.concat([Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n`), END])],
    ['a head without end', Buffer.concat([part('a', 'b', `; x="${'y'.repeat(5000)}"`), END])],
    ['more parts than any form has', Buffer.concat([...Array.from({ length: 101 }, () => part('a', 'b')), END])],
    ['something before it', Buffer.concat([Buffer.from('hello\r\n'), part('a', 'b'), END])],
  ])('is none with %s', (_what, body) => {
    expect(parseMultipart(body, BOUNDARY)).toBeNull();
  });

  it('is read or refused, whatever comes, and never an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const body = Buffer.concat([part('a', noise), Buffer.from(noise), END]);
        expect(() => parseMultipart(body, BOUNDARY)).not.toThrow();
      }),
    );
  });
});

describe('the boundary', () => {
  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['multipart/form-data; charset=utf-8; Boundary="a b"', 'a b'],
    ['multipart/form-data', null],
    ['multipart/form-data; boundary=', null],
    [`multipart/form-data; boundary=${'x'.repeat(71)}`, null],
  ])('of %j is %j', (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary);
  });
});
