import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGING_DEFAULTS } from '../../src/adapters/imaging/imaging-options.ts';
import { createPyramidProcess } from '../../src/adapters/imaging/pyramid/pyramid-process.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-pyramids-'));
});
afterAll(() => rm(folder, { recursive: true, maxRetries: 10 }));

describe('the process that makes pyramids', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('goes on where %s reaches it, as the server says when it ends', async (signal) => {
    const source = join(folder, `${signal}.png`);
    await sharp({ create: { width: 3000, height: 3000, channels: 3, background: 'gray' } })
      .png()
      .toFile(source);
    const { size, mtime } = await stat(source, { bigint: true });
    const maker = createPyramidProcess();
    try {
      const outcome = await maker.make(
        {
          item: {
            identifier: `${signal}.png`,
            path: `${signal}.png`,
            page: 1,
            kind: 'image',
            mediaType: 'image/png',
            source: { file: source, bytes: Number(size), modified: mtime, version: 'test' },
          },
          options: IMAGING_DEFAULTS,
          coding: { quality: 85, subsampling: '4:2:0' },
          file: join(folder, `${signal}.tif`),
          within: folder,
          bound: null,
          always: true,
          inLeftTime: false,
        },
        () => process.kill(makerPid(), signal),
      );
      expect(outcome).toEqual({ kind: 'made', pixels: 9_000_000 });
    } finally {
      await maker.close();
    }
  });
});

/** Of the only child that makes pyramids. */
function makerPid(): number {
  return Number(execFileSync('pgrep', ['-P', String(process.pid), '-f', 'pyramid-worker'], { encoding: 'utf8' }));
}
