import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../bench/sources/random.ts';
import { killOften, type Round } from './kill-rounds.ts';

const SEED = 20_310_101;

describe('a server that is killed at any moment, while people and caches are written', () => {
  it.each([
    ['one process', 1, ['start', 'program', 'program', 'program']],
    ['workers, and the process that started them', 2, ['program', 'worker', 'program']],
  ] as const)(
    'loses nothing that it has acknowledged, and serves no picture that is torn: %s',
    async (_, workers, rounds) => {
      const report = await killOften({ rounds: rounds satisfies readonly Round[], workers, random: seededRandom(SEED), mostLooks: 60 });
      expect(report.faults).toEqual([]);
      expect(report.kills).toBe(rounds.length);
      expect(report.acknowledged).toBeGreaterThan(20);
    },
    180_000,
  );
});
