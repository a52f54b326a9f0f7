import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { removeStaleSocket } from '../../src/adapters/system/unix-socket.ts';
import { trustProxies } from '../../src/http/server/forwarded.ts';
import { startRedirects } from '../../src/http/server/redirects.ts';
import { json } from '../../src/http/server/reply.ts';
import { createRouter } from '../../src/http/server/router.ts';
import type { ServerOptions } from '../../src/http/server/server.ts';
import { startTestWebServer } from '../harness/web-server.ts';

const READY = { ...json(200, { ready: true }), body: 'ready' };

const router = createRouter([
  {
    methods: ['GET'],
    path: '/names',
    reader: 'program',
    handler: async ({ address, base, raw }) => json(200, { address, base, peer: raw.peer }),
  },
  { methods: ['GET'], path: '/ready/*rest', reader: 'program', handler: async () => json(200, {}), ready: () => READY },
]);

async function serve(options: Partial<ServerOptions>) {
  const server = await startTestWebServer(router, options);
  onTestFinished(() => server.close(0));
  return server;
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-listen-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** By a connection of its own. */
function ask(to: object, headers: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ path: '/names', agent: false, ...to, headers }, resolve)
      .once('error', reject)
      .end();
  });
}

async function read(answer: Promise<IncomingMessage>): Promise<unknown> {
  return JSON.parse(await text(await answer));
}

describe('a Unix socket', () => {
  const FORWARDED = { host: 'a.org', 'x-forwarded-for': '203.0.113.9' };

  it('is answered, and its proxy is believed where it is named', async () => {
    const socket = join(await newFolder(), 'v.sock');
    await serve({ socket, trusted: trustProxies(['unix']), publicUrl: new URL('https://iiif.example.org/pictures') });
    const names = { address: '203.0.113.9', base: 'https://iiif.example.org/pictures', peer: 'unix' };
    expect(await read(ask({ socketPath: socket }, FORWARDED))).toEqual(names);
    expect(await read(ask({ socketPath: socket, path: '/pictures/names' }, FORWARDED))).toEqual(names);
  });

  it('gives a visitor no address where its proxy is not named', async () => {
    const socket = join(await newFolder(), 'v.sock');
    await serve({ socket, trusted: trustProxies(['127.0.0.1']) });
    expect(await read(ask({ socketPath: socket }, FORWARDED))).toMatchObject({ address: '', base: 'http://a.org' });
  });

  it('that was left behind is removed, and is gone after an orderly end', async () => {
    const socket = join(await newFolder(), 'v.sock');
    const server = await startTestWebServer(router, { host: '', socket });
    await expect(removeStaleSocket(socket)).rejects.toThrow(/Another program answers/);
    await server.close(0);
    await expect(stat(socket)).rejects.toThrow('ENOENT');
    await leaveSocket(socket);
    expect((await stat(socket)).isSocket()).toBe(true);
    await removeStaleSocket(socket);
    await expect(stat(socket)).rejects.toThrow('ENOENT');
    await removeStaleSocket(socket);
  });

  it('never takes the place of a file', async () => {
    const file = join(await newFolder(), 'notes.txt');
    await writeFile(file, 'keep me');
    await chmod(file, 0o600);
    await expect(removeStaleSocket(file)).rejects.toThrow(/is there and is no socket/);
    expect((await stat(file)).size).toBe(7);
  });
});

describe('what a proxy says visitors call us', () => {
  const SAID = {
    host: 'inner',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'A.example:8443',
    forwarded: 'for=1.2.3.4;proto=https;host=b.example',
  };

  it.each([
    ['nobody asked for it', { trusted: trustProxies(['127.0.0.1']) }, 'http://inner'],
    ['it is to be believed', { trusted: trustProxies(['127.0.0.1']), proxiesNameUs: true }, 'https://a.example:8443'],
    [
      'it says so in Forwarded',
      { trusted: trustProxies(['127.0.0.1']), proxiesNameUs: true, proxyHeaders: 'forwarded' as const },
      'https://b.example',
    ],
    ['it is somebody else', { trusted: trustProxies(['192.0.2.1']), proxiesNameUs: true }, 'http://inner'],
    ['we know it better', { trusted: trustProxies(['127.0.0.1']), publicUrl: new URL('https://ours.example') }, 'https://ours.example'],
  ])('where %s: the base is right', async (_when, options, base) => {
    const { port } = await serve(options);
    expect(await read(ask({ host: '127.0.0.1', port }, SAID))).toMatchObject({ base });
  });
});

describe('Strict-Transport-Security', () => {
  it('is in every answer, those from memory and problems too', async () => {
    const { port } = await serve({ always: { 'strict-transport-security': 'max-age=86400' } });
    for (const path of ['/names', '/ready/x', '/nowhere']) {
      const answer = await ask({ host: '127.0.0.1', port, path });
      answer.resume();
      expect(answer.headers['strict-transport-security'], path).toBe('max-age=86400');
    }
  });
});

describe('the port of plain http', () => {
  async function redirects(to: { readonly origin: string } | { readonly port: number }): Promise<string> {
    const listener = await startRedirects({
      host: '127.0.0.1',
      port: 0,
      to,
      challenge: async (token) => (token === 'known' ? 'known.thumbprint' : null),
    });
    onTestFinished(() => listener.close());
    return `http://127.0.0.1:${listener.port}`;
  }

  it.each([
    ['/iiif/3/a%2Fb.jpg/full/max/0/default.jpg?x=1&y', 'https://iiif.example.org/iiif/3/a%2Fb.jpg/full/max/0/default.jpg?x=1&y'],
    ['/', 'https://iiif.example.org/'],
    ['//evil.example/x', 'https://iiif.example.org//evil.example/x'],
    ['/.well-known/acme-challenge/unknown', 'https://iiif.example.org/.well-known/acme-challenge/unknown'],
    ['/.well-known/acme-challenge/..%2Fknown', 'https://iiif.example.org/.well-known/acme-challenge/..%2Fknown'],
  ])('sends %s to https', async (path, location) => {
    const base = await redirects({ origin: 'https://iiif.example.org' });
    const answer = await fetch(`${base}${path}`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([301, location]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('keeps the name and takes the port of https where no public URL says both', async () => {
    const base = await redirects({ port: 8443 });
    const to = async (host: string) => {
      const answer = await ask({ host: '127.0.0.1', port: new URL(base).port, path: '/x' }, { host });
      answer.resume();
      return [answer.statusCode, answer.headers.location];
    };
    expect(await to('Iiif.example.org:8080')).toEqual([301, 'https://iiif.example.org:8443/x']);
    expect(await to('[::1]:80')).toEqual([301, 'https://[::1]:8443/x']);
    expect(await to('a/b')).toEqual([400, undefined]);
  });

  it('answers what a certificate authority looks for, and refuses forms', async () => {
    const base = await redirects({ origin: 'https://iiif.example.org' });
    const proof = await fetch(`${base}/.well-known/acme-challenge/known`);
    expect([proof.status, await proof.text()]).toEqual([200, 'known.thumbprint']);
    const form = await fetch(`${base}/sign-in`, { method: 'POST', body: 'password=secret', redirect: 'manual' });
    expect([form.status, form.headers.get('location')]).toEqual([403, null]);
  });
});

/** As a process that was killed leaves it. */
async function leaveSocket(file: string): Promise<void> {
  const { spawnSync } = await import('node:child_process');
  spawnSync(process.execPath, [
    '-e',
    `require('node:net').createServer().listen(${JSON.stringify(file)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ]);
}
