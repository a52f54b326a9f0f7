import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const HEALTHY = join(import.meta.dirname, '../../packaging/docker/healthy.js');

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: null });
});
afterAll(() => vitrine.close());

async function exitCode(environment: Readonly<Record<string, string>>): Promise<number | null> {
  const [code] = (await once(spawn(process.execPath, [HEALTHY], { env: environment, stdio: 'ignore' }), 'exit')) as [number | null];
  return code;
}

describe('the health check of the image', () => {
  it('holds while the server answers, and no longer', async () => {
    const { port } = new URL(vitrine.base);
    expect(await exitCode({ VITRINE_PORT: port })).toBe(0);
    // Somebody answers there, without TLS.
    expect(await exitCode({ VITRINE_PORT: port, VITRINE_TLS: 'adhoc' })).toBe(1);
    await vitrine.stop();
    expect(await exitCode({ VITRINE_PORT: port })).toBe(1);
  });
});
