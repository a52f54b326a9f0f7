import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { request as ask, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { runDoctor } from '../../src/cli/doctor.ts';
import { loadOptions, realDisk } from '../../src/config/load-options.ts';
import type { Options } from '../../src/config/options.ts';
import { makeTestFolder, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { runVitrine } from './run-vitrine.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The places of a server that does not run. */
async function makePlaces(): Promise<Pick<TestVitrine, 'images' | 'data' | 'accessFile'>> {
  const { folder, ...places } = await makeTestFolder();
  closing.push(() => rm(folder, { recursive: true, maxRetries: 10 }));
  return places;
}

async function startServer(options: Partial<Options> = {}): Promise<TestVitrine> {
  const vitrine = await startTestVitrine({ options });
  closing.push(vitrine.close);
  return vitrine;
}

/** What the doctor says of the options that a server was started with. */
async function examine(
  { images, data, accessFile, base }: Pick<TestVitrine, 'images' | 'data' | 'accessFile' | 'base'>,
  changes: Partial<Options> = {},
): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const folder = dirname(data);
  const loaded = loadOptions({ command: 'serve', flags: { images, data }, environment: {}, folder, disk: realDisk });
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  const options = { ...loaded.options, access: accessFile, port: Number(new URL(base).port), ...changes };
  const lines: string[] = [];
  const code = await runDoctor({ options, notices: loaded.notices, print: (line) => void lines.push(line) });
  return { code, lines };
}

const wrong = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.startsWith('WRONG'));

/** A proxy that sends each request on, with its target and its header fields changed. */
async function startProxy(to: string, change: { target?(target: string): string; address?: string } = {}): Promise<string> {
  const server: Server = createServer((incoming, response) => {
    const target = change.target?.(incoming.url ?? '/') ?? incoming.url ?? '/';
    const headers = { ...incoming.headers, ...(change.address === undefined ? {} : { 'x-forwarded-for': change.address }) };
    delete headers.forwarded;
    ask(new URL(to).origin, { path: target, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('vitrine doctor', () => {
  it('finds nothing wrong with a server that runs, and recognises it by its port and its public address', async () => {
    const vitrine = await startServer();
    const { code, lines } = await examine(vitrine, { publicUrl: vitrine.base });
    expect(wrong(lines)).toEqual([]);
    expect(code).toBe(0);
    expect(lines).toContainEqual(expect.stringMatching(/^ok .* A server with this data folder answers on port \d+\.$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ok .* leads to a server with this data folder\.$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ok .* database .* It is whole, and of this version\.$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ok .* access file .* is valid\.$/));
  });

  it('finds a public address that leads to another server, and one that leads nowhere', async () => {
    const [vitrine, other] = [await startServer(), await startServer()];
    const { code, lines } = await examine(vitrine, { publicUrl: other.base });
    expect(code).toBe(1);
    expect(wrong(lines)).toEqual([expect.stringContaining('leads to another server, or to one with another data folder')]);
    await other.close();
    expect(wrong((await examine(vitrine, { publicUrl: other.base })).lines)).toEqual([expect.stringContaining('nothing listens there')]);
  });

  it('finds a port that another program has', async () => {
    const places = await makePlaces();
    const base = await startProxy('http://127.0.0.1:1');
    const { lines } = await examine({ ...places, base });
    expect(wrong(lines)).toEqual([expect.stringMatching(/Port \d+ on 127\.0\.0\.1 is taken by another program\.$/)]);
  });

  it('finds that a visitor can claim any address', async () => {
    const vitrine = await startServer({ trustedProxies: ['127.0.0.1', '::1'] });
    const options = { trustedProxies: ['127.0.0.1', '::1'] };
    const claimed = await examine(vitrine, { ...options, publicUrl: await startProxy(vitrine.base) });
    expect(wrong(claimed.lines)).toEqual([expect.stringContaining('A visitor can claim any address')]);
    const replaced = await examine(vitrine, { ...options, publicUrl: await startProxy(vitrine.base, { address: '192.0.2.9' }) });
    expect(wrong(replaced.lines)).toEqual([]);
    expect(replaced.lines).toContainEqual(expect.stringContaining('Nobody can claim another address.'));
  });

  it('finds a proxy that decodes %2F on the way, unless something stands for it', async () => {
    const vitrine = await startServer();
    const publicUrl = await startProxy(vitrine.base, { target: (target) => target.replaceAll('%2F', '/') });
    const { lines } = await examine(vitrine, { publicUrl });
    expect(lines).toContainEqual(expect.stringMatching(/^warning .* A proxy changes %2F/));
    const substituted = await examine(vitrine, { publicUrl, slashSubstitute: '~' });
    expect(substituted.lines).toContainEqual(expect.stringMatching(/^ok .* slashSubstitute ~ takes its place/));
  });

  it.each<[fault: string, make: (places: { data: string; accessFile: string }) => Promise<unknown>, sentence: RegExp]>([
    ['secrets that others may read', ({ data }) => chmod(join(data, 'vitrine.db'), 0o644), /Others may read vitrine\.db .* Run: chmod 600/],
    ['a database that is none', ({ data }) => writeFile(join(data, 'vitrine.db'), 'x'.repeat(8192)), /is damaged: .* Restore a backup\.$/],
    [
      'a database of a newer program',
      async ({ data }) => {
        const newer = new SqliteDatabase(join(data, 'vitrine.db'));
        newer.prepare("insert into migrations (number, name, applied_at) values (1000, 'from the future', 0)").run();
        newer.close();
      },
      /used by a newer Vitrine .*“from the future”/,
    ],
    [
      'a clock that has gone back',
      async ({ data }) => {
        const database = new SqliteDatabase(join(data, 'vitrine.db'));
        database.prepare('update migrations set applied_at = ? where number = 1').run(Date.now() + 3_600_000);
        database.close();
      },
      /clock .* Set the clock\.$/,
    ],
    ['an access file with mistakes', ({ accessFile }) => writeFile(accessFile, 'policies: none\n'), /access\.yaml:1:/],
    [
      'a cache folder that cannot be made',
      async ({ data }) => {
        await mkdir(data, { recursive: true });
        await writeFile(join(data, 'cache'), 'no folder');
      },
      /disk .* No file can be written/,
    ],
  ])('finds %s', async (_fault, make, sentence) => {
    const places = await makePlaces();
    await make(places);
    const base = 'http://127.0.0.1:0';
    const { code, lines } = await examine({ ...places, base });
    expect(wrong(lines)).toEqual([expect.stringMatching(sentence)]);
    expect(code).toBe(1);
  });

  it('changes nothing: a database of before an upgrade stays as it is', async () => {
    const places = await makePlaces();
    const database = new SqliteDatabase(join(places.data, 'vitrine.db'));
    database.exec('delete from migrations where number = (select max(number) from migrations)');
    const count = () => database.prepare('select count(*) from migrations').pluck().get();
    const before = count();
    const { lines } = await examine({ ...places, base: 'http://127.0.0.1:0' });
    expect(lines).toContainEqual(expect.stringContaining('the next start brings it up to date'));
    expect(count()).toBe(before);
    database.close();
  });

  it('is a command', async () => {
    const { images, data, accessFile } = await makePlaces();
    await rename(accessFile, `${accessFile}.yaml`);
    const finished = await runVitrine(['doctor', '--images', images, '--data', data, '--access', `${accessFile}.yaml`, '--port', '0']);
    expect(finished).toMatchObject({ code: 0, err: '' });
    expect(finished.out).toMatch(/^ok {7}options {8}They go together\.\n/);
  });
});

describe('/livez', () => {
  it('answers a challenge with what only the key of the data folder can make, and tells no address', async () => {
    const vitrine = await startServer();
    const answer = await fetch(`${vitrine.base}/livez?challenge=${'a'.repeat(32)}`);
    expect(await answer.text()).toBe('ok\n');
    expect(answer.headers.get('vitrine-proof')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(answer.headers.get('vitrine-visitor')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const key = (await readFile(join(vitrine.data, 'secret.key'), 'utf8')).trim();
    expect(JSON.stringify([...answer.headers])).not.toContain(key);
    for (const query of ['', '?challenge=', '?challenge=short', `?challenge=${'a'.repeat(65)}`]) {
      expect((await fetch(`${vitrine.base}/livez${query}`)).headers.get('vitrine-proof'), query).toBeNull();
    }
  });
});
