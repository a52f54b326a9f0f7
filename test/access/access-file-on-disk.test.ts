import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccessFile } from '../../src/adapters/sources/access-file-on-disk.ts';
import { watchAccessFile } from '../../src/adapters/sources/access-file-watcher.ts';
import { runNode } from '../storage/run-node.ts';

const OLD = 'policies:\n  - { items: "**", allow: nobody }\n';
const NEW = 'policies:\n  - { items: "**", allow: everyone }\n';
const QUIET = { info: () => {}, warn: () => {}, error: () => {} };
const LATER = async () => {};

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-file-'));
  file = join(folder, 'access.yaml');
  await writeFile(file, OLD);
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

describe('replacing the access file', () => {
  it('leaves its permissions, and nothing else behind', async () => {
    await chmod(file, 0o640);
    expect(await createAccessFile(file, LATER).replace(NEW, OLD)).toEqual({ kind: 'replaced' });
    expect(await readFile(file, 'utf8')).toBe(NEW);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['access.yaml']);
  });

  it('is in force when it is done', async () => {
    const never = { pollMilliseconds: 600_000, settleMilliseconds: 600_000 };
    const watcher = await watchAccessFile(file, () => {}, QUIET, { timing: never });
    await createAccessFile(file, watcher.look).replace(NEW, OLD);
    expect(watcher.current().policies[0]?.allow).toBe('everyone');
    watcher.close();
  });

  it('follows a link, which stays, to the file that it leads to', async () => {
    const link = join(folder, 'config', 'access.yaml');
    await mkdir(join(folder, 'config'));
    await symlink('../access.yaml', link);
    expect(await createAccessFile(link, LATER).replace(NEW, OLD)).toEqual({ kind: 'replaced' });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readlink(link)).toBe('../access.yaml');
    expect(await readFile(file, 'utf8')).toBe(NEW);
    expect(await readdir(join(folder, 'config'))).toEqual(['access.yaml']);
  });

  it('does nothing where somebody else has changed it meanwhile', async () => {
    await writeFile(file, `${OLD}# mine\n`);
    expect(await createAccessFile(file, LATER).replace(NEW, OLD)).toEqual({ kind: 'changed' });
    expect(await readFile(file, 'utf8')).toBe(`${OLD}# mine\n`);
    expect(await readdir(folder)).toEqual(['access.yaml']);
  });

  it('says what stands in the way', async () => {
    const gone = createAccessFile(join(folder, 'none.yaml'), LATER);
    expect(await gone.findObstacle()).toBe('It is not there.');
    expect(await gone.replace(NEW, OLD)).toEqual({ kind: 'hindered', sentence: 'It is not there.' });
    expect(await createAccessFile(file, LATER).findObstacle()).toBeNull();
  });

  it.each([
    ['a folder', async () => chmod(folder, 0o555)],
    ['a file', async () => Promise.all([chmod(file, 0o444), chmod(folder, 0o777)])],
  ])('says of %s that can only be read that it can', async (_what, close) => {
    await close();
    const module = pathToFileURL(join(import.meta.dirname, '../../src/adapters/sources/access-file-on-disk.ts')).href;
    // Root may write everywhere, so somebody else tries.
    const program = `
      const { createAccessFile } = await import(${JSON.stringify(module)});
      if (process.getuid() === 0) process.setuid(65534);
      const file = createAccessFile(process.argv[1], async () => {});
      const { kind, sentence } = await file.replace('x', ${JSON.stringify(OLD)});
      if (kind !== 'hindered' || (await file.findObstacle()) !== sentence) throw new Error(kind);
      if (!sentence.startsWith('The account that runs this server may not write it')) throw new Error(sentence);`;
    expect(await runNode(program, [file])).toEqual({ code: 0, error: '' });
    expect(await readFile(file, 'utf8')).toBe(OLD);
  });
});

describe('a text for the access file', () => {
  it('is read as the server reads the file, its mistakes with their places', () => {
    const { check } = createAccessFile(file, LATER);
    expect(check(NEW)).toMatchObject({ ok: true, warnings: [] });
    const reading = check('policies:\n  - { items: "**" }\n');
    expect(reading).toMatchObject({ ok: false, mistakes: [{ line: 2, column: 5, sentence: expect.stringContaining('has no allow') }] });
    expect(JSON.stringify(reading)).not.toContain(folder);
  });

  it('may name the identity sources that the server knows, and no others', () => {
    const { check } = createAccessFile(file, LATER, { identitySources: () => ['campus'] });
    const text = (source: string) => `accessServices:\n  members: { pattern: login, label: Members, identity: [${source}] }\n${NEW}`;
    expect(check(text('campus'))).toMatchObject({ ok: true });
    expect(check(text('elsewhere'))).toMatchObject({ ok: false });
  });
});
