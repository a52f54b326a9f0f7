import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CURL, findRealPart } from '../setup/real-parts.ts';
import { type Running, start } from './run-vitrine.ts';

const GUIDE = join(import.meta.dirname, '../../docs/guides/scripts.md');
const MAIN = join(import.meta.dirname, '../../src/main.ts');
const run = promisify(execFile);

let folder = '';
let server: Running | null = null;
let environment: Record<string, string> = {};
let snippets: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-scripts-'));
  const guide = await readFile(GUIDE, 'utf8');
  const fenced = (language: string) =>
    [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, content = '']) => content);
  await mkdir(join(folder, 'images/letters'), { recursive: true });
  const picture = sharp({ create: { width: 60, height: 40, channels: 3, background: '#336699' } });
  await writeFile(join(folder, 'images/letters/anna.jpg'), await picture.jpeg().toBuffer());
  await writeFile(join(folder, 'access.yaml'), fenced('yaml').join(''));
  snippets = fenced('sh');
  server = start(['serve', '--images', 'images', '--access', 'access.yaml', '--port', '0'], { folder });
  const [, url = ''] = await server.says(/(http:\/\/localhost:\d+)/);
  // `vitrine` is the program as it lies here.
  await writeFile(join(folder, 'vitrine'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, { mode: 0o755 });
  environment = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, SERVER: url, PASSWORD: 'correct horse battery staple' };
});

afterAll(async () => {
  server?.process.kill('SIGTERM');
  await server?.exit;
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

const bash = (script: string) => run('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env: environment });

describe.skipIf(findRealPart(CURL) === null)('the guide "scripts"', () => {
  it('works as it is written, and without the token nothing of it does', async () => {
    const { stdout } = await bash(snippets.join('\n'));
    expect((await sharp(join(folder, 'anna.jpg')).metadata()).width).toBe(60);
    expect(stdout).toContain('"type": "ImageService3"');
    expect(stdout).toContain('"type": "Manifest"');
    expect(stdout).toContain('"outcome": "allowed"');
    expect(stdout).toContain('"action":"user.created"');
    expect(stdout).toContain('/invitation/');
    expect(stdout).toContain('"items": "maps/**"');
    expect(stdout).toMatch(/"ownRoles": \[\s*"reader",\s*"curator"/);
    const picture = `curl -s -o /dev/null -w '%{http_code}' "$SERVER/iiif/3/letters%2Fanna.jpg/full/max/0/default.jpg"`;
    expect((await bash(picture)).stdout).toBe('401');
  });
});
