import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAccessCheck } from '../../src/cli/access.ts';
import { type ImportCommand, runImport } from '../../src/cli/import.ts';

const SAMPLES = join(import.meta.dirname, '../access/import');

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-import-'));
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

async function run(from: ImportCommand['from'], file: string, more: Partial<ImportCommand> = {}) {
  let out = '';
  const said: string[] = [];
  const code = await runImport({
    from,
    file,
    digilibConfig: null,
    images: null,
    out: null,
    force: false,
    wishes: { institution: 'Example Library', below: '' },
    print: (text) => {
      out += text;
    },
    say: (line) => void said.push(line),
    ...more,
  });
  return { code, out, said: said.join('\n') };
}

describe('vitrine import', () => {
  it.each<[ImportCommand['from'], string, Partial<ImportCommand>]>([
    ['digilib', 'digilib-auth.xml', { digilibConfig: join(SAMPLES, 'digilib-config.xml') }],
    ['loris', 'loris', {}],
    ['loris', 'loris/terms.rules.json', {}],
    ['seed', 'policy.json', {}],
    ['csv', 'embargoes.csv', {}],
  ])('%s %s writes a file that vitrine access check finds valid', async (from, name, more) => {
    const out = join(folder, `${from}.yaml`);
    const { code, said } = await run(from, join(SAMPLES, name), { ...more, out, force: true });
    expect(code, said).toBe(0);
    const lines: string[] = [];
    expect(await runAccessCheck({ file: out, identity: null, print: (line) => void lines.push(line) })).toBe(0);
    expect(lines.at(-1)).toMatch(/is valid/);
    expect(await readFile(out, 'utf8')).toMatch(/^# Made by "vitrine import"/);
  });

  it('prints the file where none is named, and what it has to say elsewhere', async () => {
    const { code, out, said } = await run('csv', join(SAMPLES, 'embargoes.csv'));
    expect(code).toBe(0);
    expect(out).toMatch(/^policies:$/m);
    expect(said).toMatch(/remarks: 1\.$/);
  });

  it('writes over nothing until it is told to', async () => {
    const out = join(folder, 'mine.yaml');
    await writeFile(out, 'mine');
    const { code, said } = await run('csv', join(SAMPLES, 'embargoes.csv'), { out });
    expect({ code, text: await readFile(out, 'utf8') }).toEqual({ code: 1, text: 'mine' });
    expect(said).toMatch(/is there already.*--force/);
    expect((await run('csv', join(SAMPLES, 'embargoes.csv'), { out, force: true })).code).toBe(0);
    expect(await readFile(out, 'utf8')).toContain('policies:');
  });

  it.each<[string, ImportCommand['from'], string, RegExp]>([
    ['a file that is not there', 'seed', 'none.json', /none\.json cannot be used: it does not exist/],
    ['a folder without rules', 'loris', 'loris/maps/../../../good', /has no \.rules\.json/],
    ['another kind of file', 'loris', 'policy.json', /ends in \.rules\.json/],
    ['a file of another program', 'seed', 'loris/terms.rules.json', /nothing to import/],
  ])('refuses %s with a sentence', async (_what, from, name, sentence) => {
    const { code, out, said } = await run(from, join(SAMPLES, name));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(said).toMatch(sentence);
  });

  it('leaves nothing behind of a text that is not UTF-8', async () => {
    const file = join(folder, 'latin1.csv');
    await writeFile(file, Buffer.from('path,role\ncaf\xe9/,everyone\n', 'latin1'));
    expect(await run('csv', file)).toMatchObject({ code: 1, out: '', said: expect.stringMatching(/not text in UTF-8/) });
  });
});
