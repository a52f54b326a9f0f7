import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runVitrine } from './run-vitrine.ts';

const GUIDE = join(import.meta.dirname, '../../docs/guides/reading-room.md');

let folder = '';
let commands: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-guide-'));
  await mkdir(join(folder, 'images'));
  const guide = await readFile(GUIDE, 'utf8');
  const fenced = (language: string) =>
    [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, content = '']) => content);
  await writeFile(join(folder, 'access.yaml'), fenced('yaml').join(''));
  commands = fenced('sh').flatMap((snippet) => snippet.trim().split('\n'));
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

describe('the guide "open items in a reading room or on a campus" works as it is written', () => {
  it('its access file is valid, and its commands say who gets in and who does not', async () => {
    const out: string[] = [];
    for (const command of commands) {
      const run = await runVitrine(command.split(' ').slice(1), { folder });
      expect({ command, code: run.code }).toEqual({ command, code: 0 });
      out.push(run.out);
    }
    expect(out).toEqual([
      expect.stringMatching(/^access\.yaml is valid: 1 access service, 2 policies\.$/m),
      expect.stringContaining('Nobody in particular, at 192.0.2.7: allowed'),
      expect.stringContaining('Nobody in particular, at 203.0.113.5: access needed (401)'),
    ]);
  });
});
