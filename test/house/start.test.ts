import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVitrineProcess } from '../harness/process.ts';

/** Writes down, in a file for each process, which modules it has loaded. */
const NOTE_MODULES = `
  import { appendFileSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  const urls = [];
  registerHooks({ load(url, context, next) { urls.push(url); return next(url, context); } });
  process.on('exit', () => appendFileSync(process.env.NOTE_MODULES_IN + '/' + process.pid, urls.join('\\n')));`;

let folder: string;
let images: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-start-'));
  images = join(folder, 'images');
  await mkdir(images);
});
afterAll(() => rm(folder, { recursive: true, maxRetries: 10 }));

/** The modules that each process has loaded when it ends, that of the process that was started first. */
async function modulesOf(workers: number): Promise<readonly string[]> {
  const notes = await mkdtemp(join(folder, 'notes-'));
  Object.assign(process.env, { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(NOTE_MODULES)}`, NOTE_MODULES_IN: notes });
  const server = await startVitrineProcess('serve', [
    '--images',
    images,
    '--data',
    join(folder, 'data'),
    '--workers',
    String(workers),
  ]).finally(() => {
    delete process.env.NODE_OPTIONS;
    delete process.env.NOTE_MODULES_IN;
  });
  await server.stop();
  const names = (await readdir(notes)).sort((one) => (one === String(server.pid) ? -1 : 1));
  return Promise.all(names.map((name) => readFile(join(notes, name), 'utf8')));
}

describe('the start of a server', () => {
  it('waits for no library that few requests want', async () => {
    const [loaded = ''] = await modulesOf(1);
    expect(loaded).toContain('/src/app/start-server.ts');
    for (const library of ['@node-saml/node-saml', '@simplewebauthn/server', 'selfsigned', 'nodemailer']) {
      expect(loaded).not.toContain(`/node_modules/${library}/`);
    }
  });

  it('loads what answers requests in the workers alone', async () => {
    const [primary = '', ...workers] = await modulesOf(2);
    expect(workers).toHaveLength(2);
    for (const loaded of workers) expect(loaded).toContain('/src/app/start-server.ts');
    expect(primary).toContain('/src/app/workers/start-workers.ts');
    expect(primary).not.toContain('/src/app/start-server.ts');
    expect(primary).not.toContain('/node_modules/sharp/');
  });

  it('keeps what was compiled in the data folder, for its owner only', async () => {
    const compiled = join(folder, 'data', 'cache', 'compiled');
    expect(await readdir(compiled)).not.toEqual([]);
    expect((await stat(compiled)).mode & 0o077).toBe(0);
  });
});
