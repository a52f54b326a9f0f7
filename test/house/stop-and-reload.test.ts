import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startVitrineProcess, type VitrineProcess } from '../harness/process.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const POST = 'POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n';

describe('an orderly stop', () => {
  let vitrine: TestVitrine;
  afterEach(() => vitrine.close());

  /** One connection, and all that came over it. */
  async function open(): Promise<{ readonly socket: Socket; readonly text: () => string; readonly ended: Promise<unknown> }> {
    const socket = connect({ host: 'localhost', port: Number(new URL(vitrine.base).port) });
    let came = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      came += text;
    });
    socket.on('error', () => {});
    const ended = once(socket, 'close');
    await once(socket, 'connect');
    return { socket, text: () => came, ended };
  }
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

  it('ends what is under way, refuses what comes over the same connection with 503, and closes it', async () => {
    vitrine = await startTestVitrine();
    const { socket, text, ended } = await open();
    // The server has it when it asks for the body.
    socket.write(`${POST}Content-Length: 6\r\nExpect: 100-continue\r\n\r\n`);
    await expect.poll(text, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 100 /);
    const stopped = vitrine.stop();
    socket.write(`name=x${get('/iiif/3/open%2Fphoto.jpg/info.json')}${get('/')}`);
    await Promise.all([stopped, ended]);
    const [, first, second, third] = text().split(/(?=HTTP\/1\.1 )/);
    expect(first).toMatch(/^HTTP\/1\.1 [234]/);
    expect(first).toMatch(/<\/html>\s*$/);
    expect(second).toMatch(/^HTTP\/1\.1 503 /);
    expect(second).toMatch(/connection: close/i);
    expect(second).toMatch(/retry-after: 5/i);
    expect(second).toMatch(/access-control-allow-origin: \*/i);
    expect(second).toContain('being stopped');
    expect(third).toBeUndefined();
    await expect(fetch(`${vitrine.base}/livez`)).rejects.toThrow();
  });

  it('waits no longer than stopSeconds for readers', async () => {
    vitrine = await startTestVitrine({ options: { stopSeconds: 0 } });
    const { socket, text, ended } = await open();
    socket.write(`${POST}Content-Length: 100\r\nExpect: 100-continue\r\n\r\n`);
    await expect.poll(text, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 100 /);
    await Promise.all([vitrine.stop(), ended]);
    expect(text().split('HTTP/1.1 ')).toHaveLength(2);
  });
});

describe('SIGHUP', () => {
  let folder: string;
  let file: string;
  let vitrine: VitrineProcess | null;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-reload-'));
    file = join(folder, 'vitrine.yaml');
    await mkdir(join(folder, 'images'));
    await writeFile(join(folder, 'access.yaml'), 'policies:\n  - { items: "**", allow: everyone }\n');
    await options('logLevel: info');
    vitrine = null;
  });
  afterEach(async () => {
    await vitrine?.stop();
    await rm(folder, { recursive: true, maxRetries: 10 });
  });

  const options = (more: string) => writeFile(file, `images: images\ndata: data\naccess: access.yaml\nlogFormat: json\n${more}\n`);
  const lines = () =>
    (vitrine?.output() ?? '').split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
  async function reload(): Promise<void> {
    const before = vitrine?.output().length ?? 0;
    process.kill(vitrine?.pid ?? 0, 'SIGHUP');
    await expect.poll(() => vitrine?.output().slice(before), { timeout: 15_000 }).toContain('were read anew');
  }

  it('takes over the log level, says which options wait for the next start, and keeps what is in force where the file has mistakes', async () => {
    vitrine = await startVitrineProcess('serve', ['--config', file]);
    await options('logLevel: debug\ntitle: Example Library\nfirstAdministratorName: root\nfirstAdministratorPassword: made-up-password');
    await reload();
    expect(lines()).toContainEqual(
      expect.objectContaining({
        msg: 'options that have changed count from the next start on',
        options: ['title', 'firstAdministratorName', 'firstAdministratorPassword'],
      }),
    );
    expect(vitrine.output()).not.toContain('made-up-password');
    await fetch(`${vitrine.base}/no-such-address`);
    await expect.poll(() => lines().some(({ msg }) => msg === 'request')).toBe(true);
    await options('logLevel: loud');
    await reload();
    expect(lines()).toContainEqual(expect.objectContaining({ msg: 'the options that are in force stay so' }));
    expect(lines().some(({ msg }) => /logLevel must be one of/.test(String(msg)))).toBe(true);
    expect((await fetch(`${vitrine.base}/livez`)).status).toBe(200);
  });

  it('reaches every worker, and none of them ends of it', async () => {
    vitrine = await startVitrineProcess('serve', ['--config', file, '--workers', '2']);
    await options('logLevel: debug');
    await reload();
    const seen = async () => {
      await fetch(`${vitrine?.base}/no-such-address`, { headers: { connection: 'close' } });
      return new Set(lines().flatMap(({ msg, worker }) => (msg === 'request' ? [worker] : []))).size;
    };
    await expect.poll(seen, { timeout: 15_000 }).toBe(2);
    expect(vitrine.output()).not.toContain('a worker has ended');
  });
});
