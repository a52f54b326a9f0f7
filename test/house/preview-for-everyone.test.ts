import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAccessFile } from '../../src/config/access-file.ts';
import { type Running, runVitrine, start } from './run-vitrine.ts';

const GUIDE = join(import.meta.dirname, '../../docs/guides/preview-for-everyone.md');

let folder = '';
let accessFiles: readonly string[] = [];
let commands: readonly string[] = [];
let server: Running | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-guide-'));
  await mkdir(join(folder, 'images/letters'), { recursive: true });
  const picture = sharp({ create: { width: 900, height: 1200, channels: 3, background: '#884422' } });
  await picture.jpeg().toFile(join(folder, 'images/letters/1890-04-02.jpg'));
  const guide = await readFile(GUIDE, 'utf8');
  accessFiles = fenced(guide, 'yaml');
  commands = fenced(guide, 'sh').map((snippet) => snippet.trim());
  await writeFile(join(folder, 'access.yaml'), accessFiles[0] ?? '');
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
  const command = commands.find((snippet) => snippet.startsWith(`vitrine ${beginning}`));
  if (command === undefined) throw new Error(`the guide has no snippet "vitrine ${beginning}"`);
  return command.split(' ').slice(1);
}

describe('the guide "a preview for everyone" works as it is written', () => {
  it('its access files are valid, and nothing in them is suspicious', () => {
    expect(accessFiles.length).toBe(3);
    for (const text of accessFiles) expect(parseAccessFile(text, 'access.yaml')).toMatchObject({ ok: true, warnings: [] });
  });

  it('the commands check the file, and say what others get', async () => {
    expect((await runVitrine(wordsOf('access check'), { folder })).code).toBe(0);
    const { code, out } = await runVitrine(wordsOf('access explain'), { folder });
    expect(code).toBe(0);
    expect(out).toContain('Otherwise there is tier preview (at most 600 pixels, with a watermark) for everyone.');
  });

  it('a tier can be explained by its own identifier', async () => {
    const words = wordsOf('access explain').map((word) => (word.endsWith('.jpg') ? `${word}/~preview` : word));
    expect((await runVitrine(words, { folder })).out).toContain('gives tier preview to everyone.');
    const wrong = await runVitrine(
      words.map((word) => word.replace('~preview', '~other')),
      { folder },
    );
    expect(wrong.out).toContain('has no tier "other"');
    expect(wrong.code).toBe(1);
  });

  it('the server sends those without access to the preview, under the addresses that the guide names', async () => {
    server = start([...wordsOf('serve'), '--port', '0'], { folder });
    const [, url] = await server.says(/(http:\/\/\S+)/);
    const answer = await fetch(`${url}/iiif/3/letters%2F1890-04-02.jpg/info.json`);
    expect(answer.url).toMatch(/\/iiif\/3\/letters%2F1890-04-02\.jpg%2F~preview\/info\.json$/);
    expect(await answer.json()).toMatchObject({ width: 450, height: 600 });
  });
});
