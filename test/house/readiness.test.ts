import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDiskFault } from '../../src/app/readiness.ts';

describe('the look at the disk', () => {
  let data = '';
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'vitrine-test-'));
  });
  afterAll(() => rm(data, { recursive: true, force: true, maxRetries: 10 }));

  it('finds nothing wrong where another look is not over yet, and leaves nothing', async () => {
    const looks = await Promise.allSettled(Array.from({ length: 40 }, () => findDiskFault(data)));
    expect(looks.filter((look) => look.status === 'rejected' || look.value !== null)).toEqual([]);
    expect(await readdir(join(data, 'cache'))).toEqual([]);
  });
});
