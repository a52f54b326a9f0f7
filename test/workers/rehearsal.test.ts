import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { useOwnTemporaryFolder } from '../harness/own-temporary-folder.ts';
import { startTestWorkers } from '../harness/workers.ts';

const SOON = { timeout: 30_000, interval: 5 };

const folder = useOwnTemporaryFolder();

it('workers rehearse at the same time, each with its own small server', async () => {
  const vitrine = await startTestWorkers();
  try {
    const seen = new Set<string>();
    const look = async () => {
      const rehearsing = (await readdir(folder())).filter((name) => name.startsWith('vitrine-rehearsal-'));
      for (const name of rehearsing) seen.add(name);
      return rehearsing.length;
    };
    await expect.poll(async () => ((await look()) > 0 ? seen.size : 0), SOON).toBe(2);
    await expect.poll(look, SOON).toBe(0);
    expect(vitrine.log().filter(({ msg }) => msg === 'the rehearsal failed')).toEqual([]);
  } finally {
    await vitrine.close();
  }
});
