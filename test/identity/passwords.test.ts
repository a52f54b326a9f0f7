import { hashSync, parseOptions } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { createPasswordHasher } from '../../src/adapters/identity/passwords.ts';

const passwords = createPasswordHasher();

describe('a password', () => {
  it('is kept as argon2id with 19 MiB, two passes and one lane', async () => {
    const hash = await passwords.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(parseOptions(hash)).toMatchObject({ algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, saltLen: 16, outputLen: 32 });
  });

  it('is kept differently each time', async () => {
    expect(await passwords.hash('correct horse')).not.toBe(await passwords.hash('correct horse'));
  });

  it('is recognised, and no other is', async () => {
    const hash = await passwords.hash('correct horse');
    expect(await passwords.verify(hash, 'correct horse')).toBe(true);
    for (const wrong of ['correct hors', 'Correct horse', 'correct horse ', '', 'correct horse\0']) {
      expect(await passwords.verify(hash, wrong)).toBe(false);
    }
  });

  it('is the same in both Unicode forms', async () => {
    expect(await passwords.verify(await passwords.hash('caf\u00e9 au lait'), 'cafe\u0301 au lait')).toBe(true);
  });

  it('kept with other costs is still recognised', async () => {
    const weak = hashSync('correct horse', { memoryCost: 8192, timeCost: 1 });
    expect(await passwords.verify(weak, 'correct horse')).toBe(true);
  });

  it('of nobody is never right', async () => {
    expect(await passwords.verify(null, '')).toBe(false);
    expect(await passwords.verify(null, 'correct horse')).toBe(false);
  });

  it('of nobody costs as much as one of somebody', async () => {
    const hash = await passwords.hash('correct horse');
    const times = { nobody: 0, somebody: 0 };
    for (let n = 0; n < 8; n += 1) {
      times.nobody += await cpuMicroseconds(() => passwords.verify(null, 'wrong'));
      times.somebody += await cpuMicroseconds(() => passwords.verify(hash, 'wrong'));
    }
    const ratio = times.nobody / times.somebody;
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it('waits while two others are checked, and is told to come back when very many wait', async () => {
    const crowded = createPasswordHasher();
    const hash = hashSync('correct horse', { memoryCost: 8, timeCost: 1 });
    const crowd = await Promise.allSettled(Array.from({ length: 400 }, () => crowded.verify(hash, 'correct horse')));
    const refused = crowd.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(198);
    expect(refused[0]?.reason).toMatchObject({ refusal: { code: 'server.busy', retryAfterSeconds: 5 } });
    expect(crowd.filter((result) => result.status === 'fulfilled' && result.value)).toHaveLength(202);
    expect(await crowded.verify(hash, 'correct horse')).toBe(true);
  });
});

async function cpuMicroseconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
