import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundleProgram } from '../../tools/bundle-program.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('the program in few scripts', () => {
  let folder = '';
  let bundle: Bundle = { scripts: 0, packages: [] };
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const all = () => globSync('**/*.js', { cwd: folder });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-test-'));
    bundle = await bundleProgram(ROOT, folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has what is started by its name in the same places as the sources', () => {
    const started = ['main.ts', ...globSync('**/*-worker.ts', { cwd: join(ROOT, 'src') })];
    expect(started.length).toBeGreaterThan(3);
    for (const name of started) expect(existsSync(join(folder, name.replace(/\.ts$/, '.js'))), name).toBe(true);
  });

  it('begins with a script that an old Node can load, to say that it is too old', () => {
    const main = read('main.js');
    expect([...main.matchAll(/^import .*/gm)].map(([line]) => line)).toEqual(['import { readFileSync } from "node:fs";']);
    expect(main).not.toContain('getBuiltinModule');
  });

  it('lets every module know its place in the sources', () => {
    const scripts = all().map(read).join('\n');
    expect(scripts).not.toMatch(/__(url|dirname)_of__/);
    const workers = globSync('**/*-worker.ts', { cwd: join(ROOT, 'src') }).map((name) => name.replace(/\.ts$/, ''));
    for (const worker of workers.filter((name) => name.startsWith('adapters')))
      expect(scripts).toContain(`../${worker.slice(0, worker.lastIndexOf('/'))}`);
  });

  it('reads no module for HTTP as a whole, as that loads a client as well', () => {
    expect(all().filter((name) => /^import .* from "node:https?";$/m.test(read(name)))).toEqual([]);
    expect(all().map(read).join('\n')).toContain('process.getBuiltinModule("node:http")');
  });

  it('tells whose packages are in it, and leaves those with binaries where they are', () => {
    const names = bundle.packages.map((name) => name.split('node_modules/').at(-1));
    expect(names).toContain('kysely');
    for (const left of ['sharp', 'better-sqlite3', '@opentelemetry/api']) expect(names).not.toContain(left);
    expect(bundle.scripts).toBe(all().length);
    expect(all().map(read).join('\n')).toMatch(/from "better-sqlite3"/);
  });
});
