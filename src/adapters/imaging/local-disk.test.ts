import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOnLocalDisk } from './local-disk.ts';

describe.runIf(process.platform === 'linux')('a file on a disk of this machine', () => {
  it('is told from what is none, and by its folder as long as it is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vitrine-local-'));
    try {
      expect(await isOnLocalDisk(join(folder, 'not', 'yet'))).toBe(await isOnLocalDisk(folder));
      expect(await isOnLocalDisk('/proc/self/status')).toBe(false);
      expect(await isOnLocalDisk('/proc/self/status/below')).toBe(false);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
