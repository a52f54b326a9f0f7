import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { IMAGING_DEFAULTS } from '../../src/adapters/imaging/imaging-options.ts';
import { rehearse } from '../../src/app/rehearse.ts';
import { fakePeople } from '../fakes/access.ts';
import { fakeContent } from '../fakes/content.ts';

const rehearsals = async (): Promise<readonly string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('vitrine-rehearsal-'));

describe('the rehearsal after a start', () => {
  const { imageApi } = fakeContent(fakePeople());

  it('goes the way of many tiles, and leaves nothing', async () => {
    const before = await rehearsals();
    expect(await rehearse(imageApi, IMAGING_DEFAULTS)).toBeGreaterThan(1000);
    expect(await rehearsals()).toEqual(before);
  });

  it('says so where a tile is not answered', async () => {
    const limits = { ...imageApi.limits, maxWidth: 10 };
    await expect(rehearse({ ...imageApi, limits }, IMAGING_DEFAULTS)).rejects.toThrow(/: 4\d\d$/);
  });
});
