import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startVitrineProcess } from '../harness/process.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { makeTestFolder, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const TILE = '/iiif/3/members%2Fpyramid.tif/0,0,256,256/256,/0/default.jpg';

let folder: string;
let file: string;
let vitrine: TestVitrine | null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-access-log-'));
  file = join(folder, 'access.log');
  vitrine = null;
});
afterEach(async () => {
  await vitrine?.close();
  await rm(folder, { recursive: true, maxRetries: 10 });
});

const read = async (name = file): Promise<ReadonlyArray<Record<string, unknown>>> =>
  (await readFile(name, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** A reader signs in, and asks for a locked tile four times: the last ones are answered at the front door. */
async function visit(accessLog: 'nobody' | 'pseudonym' | 'name'): Promise<ReadonlyArray<Record<string, unknown>>> {
  vitrine = await startTestVitrine({ options: { accessLog, accessLogFile: file, trustedProxies: ['127.0.0.1', '::1'] } });
  const reader = new TestVisitor(vitrine);
  await reader.signIn('reader');
  for (let n = 0; n < 4; n += 1) {
    const headers = { 'x-forwarded-for': '192.0.2.7', referer: 'https://viewer.example/?secret=1', 'user-agent': 'Viewer 1' };
    expect((await reader.ask(TILE, { headers })).status).toBe(200);
  }
  await vitrine.stop();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  return (await read()).filter(({ path }) => path === TILE);
}

describe('the access log', () => {
  it('has a line for each answer, those at the front door among them, with who it was', async () => {
    const lines = await visit('name');
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line).toEqual({
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        id: expect.stringMatching(/^[0-9a-f]{12}-[0-9a-z]+$/),
        address: '192.0.2.7',
        user: 'reader',
        method: 'GET',
        path: TILE,
        status: 200,
        bytes: expect.any(Number),
        milliseconds: expect.any(Number),
        referer: 'https://viewer.example/',
        agent: 'Viewer 1',
      });
    }
    expect(lines.at(-1)).toMatchObject({ milliseconds: 0 });
    expect(new Set(lines.map(({ id }) => id)).size).toBe(4);
  });

  it('has pseudonyms instead, the same for the same person and address', async () => {
    const lines = await visit('pseudonym');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatchObject({
      user: expect.stringMatching(/^person-[a-z0-9_-]{12}$/),
      address: expect.stringMatching(/^address-[a-z0-9_-]{12}$/),
    });
    expect(new Set(lines.map(({ user, address }) => `${user} ${address}`)).size).toBe(1);
    expect(await readFile(file, 'utf8')).not.toMatch(/192\.0\.2\.7|"reader"/);
  });

  it('names nobody where it is asked not to, and never a secret', async () => {
    const lines = await visit('nobody');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(Object.keys(line)).not.toEqual(expect.arrayContaining(['user', 'address']));
    expect(await readFile(file, 'utf8')).not.toMatch(/192\.0\.2\.7|secret|reader|correct horse/);
  });

  it('goes among the other lines of the log without a file', async () => {
    vitrine = await startTestVitrine({ options: { accessLog: 'name' } });
    await fetch(`${vitrine.base}/device/made-up-secret`);
    expect(vitrine.log).toContainEqual(expect.objectContaining({ msg: 'request', level: 30, path: '/device/…', user: null }));
  });

  it('that cannot be opened stops the start', async () => {
    const started = startTestVitrine({ options: { accessLog: 'name', accessLogFile: join(folder, 'nowhere', 'access.log') } });
    await expect(started).rejects.toThrow('ENOENT');
  });

  it('is off unless asked for', async () => {
    vitrine = await startTestVitrine();
    await fetch(`${vitrine.base}/livez`);
    expect(vitrine.log.filter(({ msg, level }) => msg === 'request' && level === 30)).toEqual([]);
  });

  it('of two workers goes on in a new file after SIGHUP, and loses no line', async () => {
    const { folder: own, images, data } = await makeTestFolder();
    const args = ['--images', images, '--data', data, '--workers', '2', '--access-log', 'name', '--access-log-file', file];
    const server = await startVitrineProcess('serve', args);
    try {
      const ask = async (name: string) => {
        for (let n = 0; n < 10; n += 1) await fetch(`${server.base}/${name}-${n}`);
      };
      await ask('before');
      await rename(file, `${file}.1`);
      process.kill(server.pid, 'SIGHUP');
      await expect.poll(() => server.output(), { timeout: 15_000 }).toContain('were read anew');
      await ask('after');
    } finally {
      await server.stop();
      await rm(own, { recursive: true, maxRetries: 10 });
    }
    const paths = async (name: string) => (await read(name)).map(({ path }) => String(path));
    expect((await paths(`${file}.1`)).filter((path) => path.startsWith('/before-'))).toHaveLength(10);
    expect((await paths(file)).filter((path) => path.startsWith('/after-'))).toHaveLength(10);
    expect((await paths(file)).filter((path) => path.startsWith('/before-'))).toEqual([]);
  });
});

describe('the id of a request', () => {
  it('is in the answer and in the log; a proxy that is believed may give it, and nobody else', async () => {
    vitrine = await startTestVitrine({ options: { accessLog: 'name', trustedProxies: ['127.0.0.1', '::1'] } });
    const path = '/iiif/3/open%2Flying.png/info.json';
    const answer = await fetch(vitrine.base + path, { headers: { 'x-request-id': 'from-the-proxy-1' } });
    expect(answer.headers.get('x-request-id')).toBe('from-the-proxy-1');
    expect(vitrine.log).toContainEqual(expect.objectContaining({ msg: 'request', id: 'from-the-proxy-1', path }));
    expect(vitrine.log).toContainEqual(expect.objectContaining({ msg: 'a request failed', id: 'from-the-proxy-1' }));
    await vitrine.close();
    vitrine = await startTestVitrine();
    const other = await fetch(`${vitrine.base}/livez`, { headers: { 'x-request-id': 'from-a-visitor' } });
    expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f]{12}-[0-9a-z]+$/);
  });
});
