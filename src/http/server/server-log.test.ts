import { describe, expect, it } from 'vitest';
import { Failure, type ProblemCode, refuse } from '../../lib/problems.ts';
import { createServerLog } from './server-log.ts';

function logged(error: unknown, path = '/path') {
  const lines: Array<{ level: string; fields: object }> = [];
  const at = (level: string) => (fields: object) => void lines.push({ level, fields });
  createServerLog({ isLevelEnabled: () => true, debug: at('debug'), warn: at('warn'), error: at('error') }).failure(error, {
    id: 'id-1',
    path,
  });
  return lines;
}

describe('a request that failed', () => {
  it.each<[ProblemCode, string]>([
    ['request.malformed', 'debug'],
    ['request.too-large', 'debug'],
    ['image.limit', 'debug'],
    ['server.busy', 'warn'],
    ['server.timeout', 'warn'],
    ['source.broken', 'error'],
    ['source.too-large', 'error'],
    ['source.unsupported', 'error'],
    ['server.error', 'error'],
  ])('with %s is written at the level %s, with its reason and without a stack', (code, level) => {
    const lines = logged(new Failure(refuse(code, 'Public.'), 'private reason'));
    expect(lines).toEqual([{ level, fields: { id: 'id-1', code, reason: 'private reason', path: '/path' } }]);
  });

  it.each([
    [`/signed/eyJh_-.${'a'.repeat(43)}/iiif/3/letter.jpg/info.json`, '/signed/…/iiif/3/letter.jpg/info.json'],
    ['/pictures/signed/made-up/media/a.mp4', '/pictures/signed/…/media/a.mp4'],
    [`/elsewhere/eyJh_-.${'a'.repeat(43)}/`, '/elsewhere/…/'],
    ['/pictures/device/made-up', '/pictures/device/…'],
    ['/iiif/3/signed.jpg/full/max/0/default.jpg', '/iiif/3/signed.jpg/full/max/0/default.jpg'],
  ])('by a signed path or the link of a device is written without the secret: %s', (asked, path) => {
    expect(logged(new Failure(refuse('server.busy', 'Public.'), 'private reason'), asked)[0]?.fields).toMatchObject({ path });
  });

  it('for a reason that nobody foresaw is an error with its stack', () => {
    const err = new TypeError('x is not a function');
    expect(logged(err)).toEqual([{ level: 'error', fields: { err, id: 'id-1', path: '/path' } }]);
  });
});
