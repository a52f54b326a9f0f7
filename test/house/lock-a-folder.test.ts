import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, runVitrine, start } from './run-vitrine.ts';

const GUIDE = join(import.meta.dirname, '../../docs/guides/lock-a-folder.md');

let folder = '';
let commands: readonly string[] = [];
let server: Running | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-guide-'));
  const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#884422' } })
    .jpeg()
    .toBuffer();
  for (const name of ['maps/isle.jpg', 'letters/1890-04-02.jpg', 'photographs/harbour.jpg']) {
    await mkdir(join(folder, 'images', name.split('/', 1)[0] ?? ''), { recursive: true });
    await writeFile(join(folder, 'images', name), picture);
  }
  const guide = await readFile(GUIDE, 'utf8');
  const [access = ''] = fenced(guide, 'yaml');
  await writeFile(join(folder, 'access.yaml'), access);
  commands = fenced(guide, 'sh').map((snippet) => snippet.trim());
});

afterAll(async () => {
  server?.process.kill('SIGTERM');
  await server?.exit;
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

function fenced(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, content = '']) => content);
}

/** The words of the snippet that begins this way, without `vitrine` itself. */
function wordsOf(beginning: string): string[] {
  const command = commands.find((snippet) => snippet.replace(/^echo .* \| /, '').startsWith(`vitrine ${beginning}`) && isWanted(snippet));
  if (command === undefined) throw new Error(`the guide has no snippet "vitrine ${beginning}"`);
  return command
    .replace(/^echo .* \| /, '')
    .split(' ')
    .slice(1);
}

/** Of the two ways to add a person, only the one without a terminal runs here. */
function isWanted(snippet: string): boolean {
  return !snippet.includes('user add') || snippet.includes('--password-stdin');
}

describe('the guide "lock a folder in five minutes" works as it is written', () => {
  it('its access file is valid', async () => {
    const { code, out } = await runVitrine(wordsOf('access check'), { folder });
    expect(out).toContain('is valid: 2 access services, 3 policies');
    expect(code).toBe(0);
  });

  it('a reader is made', async () => {
    const { code, out, err } = await runVitrine(wordsOf('user add'), { folder, input: 'correct horse battery\n' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Added anna, role reader.');
  });

  it('the server opens the maps, and asks for access to the letters and the photographs', async () => {
    server = start([...wordsOf('serve'), '--port', '0'], { folder });
    const [, url] = await server.says(/(http:\/\/\S+)/);
    const statusOf = async (identifier: string): Promise<number> =>
      (await fetch(`${url}/iiif/3/${encodeURIComponent(identifier)}/full/max/0/default.jpg`)).status;
    expect(await statusOf('maps/isle.jpg')).toBe(200);
    expect(await statusOf('letters/1890-04-02.jpg')).toBe(401);
    expect(await statusOf('photographs/harbour.jpg')).toBe(401);
  });

  it('the decision is explained', async () => {
    const { code, out } = await runVitrine(wordsOf('access explain'), { folder });
    expect(out).toContain('anna, having signed in through members: allowed');
    expect(code).toBe(0);
  });

  it('every snippet is one that is run here', () => {
    const known = ['access check', 'user add', 'serve', 'access explain'];
    for (const command of commands) expect(known.some((words) => command.includes(`vitrine ${words}`))).toBe(true);
  });
});
