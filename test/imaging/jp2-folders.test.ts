import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeLeftFolders } from '../../src/adapters/imaging/jp2-folders.ts';

let within: string;
beforeAll(async () => {
  within = await mkdtemp(join(tmpdir(), 'vitrine-left-'));
});
afterAll(() => rm(within, { recursive: true, force: true, maxRetries: 10 }));

it('folders that a killed server left are removed, and nothing that is young, another’s, or no folder', async () => {
  const now = new Date();
  const old = new Date(now.getTime() - 2 * 60 * 60_000);
  for (const name of ['vitrine-jp2-old', 'vitrine-jp2-young', 'somebody-else', 'kept']) await mkdir(join(within, name));
  await writeFile(join(within, 'vitrine-jp2-old', 'pixels.pnm'), 'P6');
  await writeFile(join(within, 'vitrine-jp2-file'), '');
  await writeFile(join(within, 'kept', 'letter'), '');
  await symlink(join(within, 'kept'), join(within, 'vitrine-jp2-link'));
  for (const name of ['vitrine-jp2-old', 'somebody-else', 'vitrine-jp2-file', 'kept']) await utimes(join(within, name), old, old);
  await removeLeftFolders(now, within);
  expect((await readdir(within)).sort()).toEqual(['kept', 'somebody-else', 'vitrine-jp2-file', 'vitrine-jp2-link', 'vitrine-jp2-young']);
  expect(await readdir(join(within, 'kept'))).toEqual(['letter']);
});
