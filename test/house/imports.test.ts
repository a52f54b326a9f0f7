import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkImports, type ImportReport } from '../../tools/check-imports.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** A project of a few files, each with the text given. */
async function check(files: Readonly<Record<string, string>>): Promise<ImportReport> {
  const root = await mkdtemp(join(tmpdir(), 'vitrine-imports-'));
  folders.push(root);
  for (const [name, content] of Object.entries({ 'src/lib/words.ts': 'export type Word = string;\nexport const word = 1;\n', ...files })) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return checkImports(root);
}

describe('the import check', () => {
  it('lets a room import the rooms below it', async () => {
    const report = await check({ 'src/iiif/a.ts': "import { word } from '../lib/words.ts';\nexport const a = word;\n" });
    expect(report.violations).toEqual([]);
    expect(report.modules).toBe(2);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a value from above',
      { 'src/lib/a.ts': "import { b } from '../iiif/b.ts';\nexport const a = b;\n", 'src/iiif/b.ts': 'export const b = 1;\n' },
      'src/lib/a.ts',
    ],
    [
      'a type from above',
      { 'src/domain/a.ts': "import type { B } from '../flows/b.ts';\nexport type A = B;\n", 'src/flows/b.ts': 'export type B = 1;\n' },
      'src/domain/a.ts',
    ],
    [
      'an adapter in http',
      {
        'src/http/a.ts': "import { b } from '../adapters/cache/b.ts';\nexport const a = b;\n",
        'src/adapters/cache/b.ts': 'export const b = 1;\n',
      },
      'src/http/a.ts',
    ],
    [
      'one adapter family in another',
      {
        'src/adapters/cache/a.ts': "import { b } from '../storage/b.ts';\nexport const a = b;\n",
        'src/adapters/storage/b.ts': 'export const b = 1;\n',
      },
      'src/adapters/cache/a.ts',
    ],
    [
      'a Node module in a pure room',
      { 'src/flows/a.ts': "import { readFile } from 'node:fs/promises';\nexport const a = readFile;\n" },
      'src/flows/a.ts',
    ],
    [
      'a detour to itself',
      {
        'src/ui/a.ts': "import { b } from './b.ts';\nexport const a = (): number => b();\n",
        'src/ui/b.ts': "import { a } from './a.ts';\nexport const b = (): number => a();\n",
      },
      'src/ui/a.ts',
    ],
    ['what does not exist', { 'src/iiif/a.ts': "import { b } from './none.ts';\nexport const a = b;\n" }, 'src/iiif/a.ts'],
  ])('reports %s', async (_what, files, culprit) => {
    const report = await check(files);
    expect(report.violations.join('\n')).toContain(culprit);
  });
});
