import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { loadOptions } from '../../config/load-options.ts';
import { countWorkers, optionsOfOne } from './options-of-one.ts';

function options(flags: Readonly<Record<string, string>> = {}) {
  const disk = { read: () => '', isOpenToAll: () => false, kind: () => 'folder' as const };
  const loaded = loadOptions({ command: 'serve', flags, environment: {}, folder: '/', disk });
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  return loaded.options;
}

describe('the number of workers', () => {
  it('is one for each processor, unless it is given', () => {
    expect(countWorkers(options())).toBe(availableParallelism());
    expect(countWorkers(options({ workers: '3' }))).toBe(3);
  });
});

describe('the options of one of several workers', () => {
  it('give all of them together what the server was given', () => {
    const whole = options({
      derivativeMemoryMegabytes: '128',
      decodedMemoryMegabytes: '256',
      decodedTileMegabytes: '64',
      rendersAtOnce: '8',
      renderQueueLength: '200',
    });
    expect(optionsOfOne(whole, 4)).toMatchObject({
      workers: 4,
      derivativeMemoryMegabytes: 32,
      decodedMemoryMegabytes: 64,
      decodedTileMegabytes: 16,
      rendersAtOnce: 2,
      renderQueueLength: 50,
    });
  });

  it('let each of them make one picture at least, and have one wait', () => {
    const each = optionsOfOne(options({ rendersAtOnce: '2', bigRenderQueueLength: '3' }), 8);
    expect([each.rendersAtOnce, each.bigRenderQueueLength]).toEqual([1, 1]);
  });

  it('keep no memory for what was given none', () => {
    expect(optionsOfOne(options({ derivativeMemoryMegabytes: '0' }), 2).derivativeMemoryMegabytes).toBe(0);
  });
});
