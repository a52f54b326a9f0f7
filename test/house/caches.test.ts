import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CURL, findRealPart } from '../setup/real-parts.ts';
import { type Running, runVitrine, start } from './run-vitrine.ts';

const GUIDE = join(import.meta.dirname, '../../docs/guides/caches.md');
const MAIN = join(import.meta.dirname, '../../src/main.ts');
const run = promisify(execFile);

let folder = '';
let server: Running | null = null;
let environment: Record<string, string> = {};
let script = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-caches-'));
  const picture = await sharp({ create: { width: 600, height: 400, channels: 3, background: '#336699' } })
    .jpeg()
    .toBuffer();
  for (const name of ['images/letters', 'images/maps', 'state']) await mkdir(join(folder, name), { recursive: true });
  for (const name of ['letters/anna.jpg', 'maps/harz.tif']) await writeFile(join(folder, 'images', name), picture);
  await writeFile(join(folder, 'access.yaml'), "policies:\n  - items: '**'\n    allow: everyone\n");
  await writeFile(join(folder, 'vitrine.yaml'), `images: images\naccess: access.yaml\ndata: ${join(folder, 'state')}\nport: 0\n`);
  await runVitrine(['user', 'add', 'root', '--role', 'administrator', '--password-stdin', '--config', 'vitrine.yaml'], {
    folder,
    input: 'correct horse battery staple',
  });
  const guide = (await readFile(GUIDE, 'utf8')).replaceAll('/var/lib/vitrine', join(folder, 'state'));
  script = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, content = '']) => content).join('\n');
  server = start(['serve', '--config', 'vitrine.yaml'], { folder });
  const [, url = ''] = await server.says(/(http:\/\/localhost:\d+)/);
  // `vitrine` is the program as it lies here.
  await writeFile(join(folder, 'vitrine'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, { mode: 0o755 });
  environment = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, SERVER: url };
});

afterAll(async () => {
  server?.process.kill('SIGTERM');
  await server?.exit;
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

describe.skipIf(findRealPart(CURL) === null)('the guide "caches"', () => {
  it('works as it is written', async () => {
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env: environment });
    expect(stdout).toMatch(/^0 finished images on disk, 0\.0 of 2000 MB at most\.$/m);
    expect(stdout).toMatch(/"derivatives": 0/);
    expect(stdout).toMatch(/^4 finished images made of 2 images\.$/m);
    expect(stdout).toMatch(/^6 finished images on disk, /m);
    expect(stdout).toMatch(/^3 finished images of letters\/anna\.jpg removed from disk\.$/m);
    expect(stdout).toMatch(/^3 finished images of maps\/ removed from disk\.$/m);
    expect(stdout).toMatch(/"disk": 0/);
  });
});
