import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/stores.ts';
import { type AccessModel, openAccess } from '../../domain/access.ts';
import type { FolderEntry, Item } from '../../domain/item.ts';
import type { ItemSource } from '../../domain/ports.ts';
import { Failure, refuse } from '../../lib/problems.ts';
import { sampleItems } from './sample-items.ts';

/** Files by folder; a folder of `broken` cannot be read. */
function source(paths: readonly string[], broken: string | null = null): Pick<ItemSource, 'find' | 'list'> {
  const entries = (folder: string): FolderEntry[] => {
    const within = folder === '' ? '' : `${folder}/`;
    const rests = paths.filter((path) => path.startsWith(within)).map((path) => path.slice(within.length));
    const folders = new Set(rests.filter((rest) => rest.includes('/')).map((rest) => rest.split('/')[0] ?? ''));
    const files = rests.filter((rest) => !rest.includes('/'));
    return [
      ...[...folders].map((name) => ({ kind: 'folder' as const, path: within + name, name })),
      ...files.map((name) => ({ kind: 'image' as const, path: within + name, name, bytes: 1, modified: new Date(0) })),
    ];
  };
  return {
    async list(folder, { offset, limit }) {
      if (folder === broken) throw new Failure(refuse('source.broken', 'no'), 'no');
      const all = entries(folder);
      return { entries: all.slice(offset, offset + limit), total: all.length, folders: 0 };
    },
    find: async (path) => (paths.includes(path) ? ({ path, kind: 'image' } as Item) : null),
  };
}

const names = (folder: string, count: number) => Array.from({ length: count }, (_, at) => `${folder}/${at}.jpg`);

describe('a sample of the items', () => {
  it('is all of them where there are not too many', async () => {
    const paths = [...names('a', 450), ...names('b/c', 30), 'd.jpg'];
    const sample = await sampleItems({ items: source(paths), clock: new FakeClock() }, []);
    expect(sample.complete).toBe(true);
    expect(sample.items.map(({ path }) => path).sort()).toEqual([...paths].sort());
  });

  it('has something of every folder where there are too many, and what policies name', async () => {
    const paths = [...names('a', 5000), ...names('b', 10), 'a/special.jpg'];
    const model: AccessModel = { ...openAccess(), policies: [{ number: 1, line: 1, items: ['a/special.jpg', 'a/none.jpg'], allow: [] }] };
    const limits = { most: 300, seconds: 4 };
    const sample = await sampleItems({ items: source(paths), clock: new FakeClock() }, [model], limits);
    expect(sample.complete).toBe(false);
    expect(sample.items.length).toBeLessThanOrEqual(301);
    const found = sample.items.map(({ path }) => path);
    expect(found).toEqual(expect.arrayContaining(['a/0.jpg', ...names('b', 10), 'a/special.jpg']));
    expect(found).not.toContain('a/none.jpg');
  });

  it('ends when its time is over', async () => {
    const clock = new FakeClock();
    const slow = source(names('a', 5000));
    const items = {
      ...slow,
      list: async (...given: Parameters<ItemSource['list']>) => {
        clock.forward({ seconds: 1 });
        return slow.list(...given);
      },
    };
    const sample = await sampleItems({ items, clock }, []);
    expect(sample.complete).toBe(false);
    expect(sample.items.length).toBe(600);
  });

  it('is not all where a folder cannot be read', async () => {
    const sample = await sampleItems({ items: source([...names('a', 3), ...names('b', 3)], 'a'), clock: new FakeClock() }, []);
    expect(sample.complete).toBe(false);
    expect(sample.items.map(({ path }) => path)).toEqual(names('b', 3));
  });
});
