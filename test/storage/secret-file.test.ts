import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSecret } from '../../src/adapters/storage/secret-file.ts';
import { createRandomness } from '../../src/adapters/system/randomness.ts';

let folder = '';
const make = () => createRandomness().token(32);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-secret-'));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

describe('the secret that signs forms', () => {
  it('is made once, for its owner only, and leaves nothing else behind', async () => {
    const data = join(folder, 'data');
    const secret = await readSecret(data, make);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(await readSecret(data, make)).toBe(secret);
    expect((await stat(join(data, 'secret.key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(data)).toEqual(['secret.key']);
  });

  it('is another one in another folder', async () => {
    expect(await readSecret(join(folder, 'a'), make)).not.toBe(await readSecret(join(folder, 'b'), make));
  });

  it('that is empty or cut short stops the start with a sentence', async () => {
    for (const content of ['', '\n', 'short\n']) {
      await writeFile(join(folder, 'secret.key'), content);
      await expect(readSecret(folder, make)).rejects.toThrow(/holds no secret of this program/);
    }
  });
});
