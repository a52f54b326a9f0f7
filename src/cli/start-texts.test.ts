import { describe, expect, it } from 'vitest';
import { parseAccessFile } from '../config/access-file.ts';
import { StartProblem } from '../config/start-problem.ts';
import { demoAccessFile } from '../lab/demo-access.ts';
import { block } from './block.ts';
import { describeAccess } from './describe-access.ts';
import { fileSentence } from './file-sentence.ts';
import { asStartProblem } from './listen.ts';
import { prettyLine } from './log.ts';

describe('the block after the start', () => {
  it('aligns values, and puts notices below', () => {
    expect(
      block(
        [
          ['Vitrine', 'http://localhost:8080'],
          ['Who', 'anna\nbert'],
        ],
        ['Careful.'],
      ),
    ).toBe('\n  Vitrine  http://localhost:8080\n  Who      anna\n           bert\n\n  ! Careful.\n\n  Stop with Ctrl+C.\n\n');
  });

  it('tells for each policy how to get in', () => {
    const parsed = parseAccessFile(demoAccessFile([]), 'access.yaml');
    expect(parsed.ok ? describeAccess(parsed.model, new Date(0)) : parsed.errors).toEqual([
      'open/**      open to everyone',
      'terms/**     agree to the terms',
      'members/**   sign in with the role reader or curator',
      'curators/**  sign in with the role curator; a preview for everyone',
      'others       nobody',
    ]);
  });

  it('tells where a service opens, and what opens one that is anywhere', () => {
    const service = (pattern: string, more = '') => `{ pattern: ${pattern}, label: x${more} }`;
    const parsed = parseAccessFile(
      `accessServices:
  room: ${service('kiosk', ', networks: [192.0.2.0/24, 203.0.113.7]')}
  exhibit: ${service('kiosk')}
  site: ${service('external')}
  desk: ${service('kiosk', ', devices: true')}
policies: [{ items: a, allow: [{ service: room }, { service: desk }, { service: exhibit }, { service: site, roles: [curator] }] }]`,
      'access.yaml',
    );
    expect(parsed.ok ? describeAccess(parsed.model, new Date(0)) : parsed.errors).toEqual([
      'a  be in 192.0.2.0/24, 203.0.113.7, or be at a registered device, or open the kiosk, or sign in at /sign-in with the role curator',
      'others  nobody',
    ]);
  });
});

describe('a start that fails', () => {
  const where = { host: '192.0.2.1', port: 443, httpPort: 80, socket: null };

  it.each([
    ['EADDRINUSE', /Port 443 on 192\.0\.2\.1 is taken by another program; choose another one with --port\./],
    ['EACCES', /may not listen on port 443/],
    ['EADDRNOTAVAIL', /not an address of this machine/],
    ['ENOTFOUND', /not an address of this machine/],
  ])('%s becomes a sentence', (code, sentence) => {
    const problem = asStartProblem(Object.assign(new Error('listen'), { code }), where);
    expect(problem).toBeInstanceOf(StartProblem);
    expect(String(problem)).toMatch(sentence);
  });

  it('over the port of plain http names the option for that', () => {
    const problem = asStartProblem(Object.assign(new Error('listen'), { code: 'EACCES', port: 80 }), where);
    expect(String(problem)).toMatch(/port 80; choose one above 1023 with --http-port/);
  });

  it.each([
    ['EACCES', /its folder does not exist, or this account may not write there/],
    ['ENOENT', /its folder does not exist/],
  ])('over a socket (%s) names the socket', (code, sentence) => {
    const problem = asStartProblem(Object.assign(new Error('listen'), { code }), { ...where, socket: '/run/vitrine/vitrine.sock' });
    expect(String(problem)).toMatch(sentence);
    expect(String(problem)).toContain('/run/vitrine/vitrine.sock');
  });

  it('over a file that is closed is not blamed on the port', () => {
    const error = Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES', path: '/etc/key.pem' });
    expect(asStartProblem(error, where)).toBe(error);
    expect(fileSentence(error)).toBe('/etc/key.pem cannot be used: this account may not.');
  });

  it('for any other reason stays what it is', () => {
    const error = new Error('something else');
    expect(asStartProblem(error, where)).toBe(error);
  });
});

describe('a log line for people', () => {
  it('shows time, level, message, fields and the stack of an error', () => {
    const line = prettyLine(
      JSON.stringify({ level: 50, time: Date.now(), msg: 'failed', path: '/a', status: 500, err: { stack: 'Error: x\n    at y' } }),
    );
    expect(line).toMatch(/^\d\d:\d\d:\d\d error failed path=\/a status=500\nError: x\n {4}at y\n$/);
  });
});
