import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../bench/sources/random.ts';
import { soak } from './soak.ts';

/** Long enough for every kind of request, some hundred times; `bench/soak.ts` goes on for an hour. */
const SECONDS = 8;
/** Files of sources stay open for a while, and each worker opens its own. */
const MOST_MORE_DESCRIPTORS = 12;
/** No leak shows in seconds that is smaller. */
const MOST_TIMES_HEAVIER = 1.5;

describe('a server that is read and written for some time', () => {
  it('gives no wrong answer, gives descriptors back, and does not swell', async () => {
    const { faults, quiet, answers, acknowledged } = await soak({ seconds: SECONDS, workers: 2, random: seededRandom(12) });
    expect(faults).toEqual([]);
    expect(answers).toBeGreaterThan(100);
    expect(acknowledged).toBeGreaterThan(20);
    expect(quiet.after.descriptors).toBeLessThanOrEqual(quiet.before.descriptors + MOST_MORE_DESCRIPTORS);
    expect(quiet.after.megabytes).toBeLessThanOrEqual(quiet.before.megabytes * MOST_TIMES_HEAVIER);
  }, 180_000);
});
