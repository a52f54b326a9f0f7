import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenFiles } from '../../src/adapters/imaging/open-files.ts';
import type { Source } from '../../src/domain/item.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-files-'));
});
afterAll(() => rm(folder, { recursive: true, maxRetries: 10 }));

/** As the folder finds it. */
async function sourceAt(file: string): Promise<Source> {
  const stats = await stat(file, { bigint: true });
  return { file, bytes: Number(stats.size), modified: stats.mtime, version: 'v1' };
}

describe('a file that stays open', () => {
  it.each([0.0001, 0.0004, 0.0006, 0.0009])('is the one that was found, %f seconds after a whole millisecond', async (fraction) => {
    const file = join(folder, `${fraction}.txt`);
    await writeFile(file, 'bytes');
    await utimes(file, 1_700_000_000.088 + fraction, 1_700_000_000.088 + fraction);
    const files = createOpenFiles(2, null);
    const read = files.use(await sourceAt(file), (bytes) => bytes.read(0, 5));
    expect(Buffer.from(await read).toString()).toBe('bytes');
    files.forget();
  });

  it('is refused when it is another one by now', async () => {
    const file = join(folder, 'changed.txt');
    await writeFile(file, 'bytes');
    const source = await sourceAt(file);
    await utimes(file, 1_700_000_000, 1_700_000_000);
    const files = createOpenFiles(2, null);
    await expect(files.use(source, (bytes) => bytes.read(0, 5))).rejects.toThrow('not the one that was found');
    files.forget();
  });
});
