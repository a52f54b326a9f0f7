import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { IMAGING_DEFAULTS } from '../../src/adapters/imaging/imaging-options.ts';
import { rehearse } from '../../src/app/rehearse.ts';
import { fakePeople } from '../fakes/access.ts';
import { fakeContent } from '../fakes/content.ts';

describe('the rehearsal after a start', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-test-'));
    // Servers of other tests rehearse at the same time.
    vi.stubEnv('TMPDIR', folder);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  const { imageApi } = fakeContent(fakePeople());

  it('goes the way of many tiles, and leaves nothing', async () => {
    expect(await rehearse(imageApi, IMAGING_DEFAULTS, new AbortController().signal)).toBeGreaterThan(1000);
    expect(await readdir(folder)).toEqual([]);
  });

  it('ends when the server does, and leaves nothing then either', async () => {
    const stop = new AbortController();
    const rehearsed = rehearse(imageApi, IMAGING_DEFAULTS, stop.signal);
    await expect.poll(() => readdir(folder)).toHaveLength(1);
    stop.abort();
    expect(await rehearsed).toBeLessThan(1000);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says so where a tile is not answered', async () => {
    const limits = { ...imageApi.limits, maxWidth: 10 };
    await expect(rehearse({ ...imageApi, limits }, IMAGING_DEFAULTS, new AbortController().signal)).rejects.toThrow(/: 4\d\d$/);
  });
});
