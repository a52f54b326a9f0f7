import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FolderEntry } from '../domain/item.ts';
import { type GatherLimits, gatherPictures, shareOut } from './gather-pictures.ts';

const LIMITS: GatherLimits = { listings: 59, entries: 24, picturesOfAFolder: 24, pictures: 96 };

/** Folders by path, each with the names in it; a name with a dot is a picture's. Counts what it is asked. */
function treeOf(folders: (path: string) => readonly string[] | null) {
  const asked: Array<{ folder: string; limit: number }> = [];
  return {
    asked,
    async list(folder: string, { offset, limit }: { offset: number; limit: number }) {
      asked.push({ folder, limit });
      const names = folders(folder);
      if (names === null) return null;
      const entries = names.slice(offset, offset + limit).map((name): FolderEntry => {
        const path = `${folder}/${name}`;
        return name.includes('.') ? { kind: 'image', path, name, bytes: 1, modified: new Date(0) } : { kind: 'folder', path, name };
      });
      return { entries, total: names.length, folders: entries.filter(({ kind }) => kind === 'folder').length };
    },
  };
}

const SMALL = treeOf(
  (path) =>
    ({
      open: ['maps', 'sky', 'cover.jpg'],
      'open/maps': ['old', 'isles.tif'],
      'open/maps/old': ['coast.jpg'],
      'open/sky': ['moon.tif', 'north.png'],
      terms: ['strata.jpg'],
    })[path] ?? null,
);

const anybody = () => true;
const none = () => {
  throw new Error('nothing fails here');
};

function pathsOf(gathered: ReadonlyArray<{ pictures: ReadonlyArray<{ path: string }> }>): readonly (readonly string[])[] {
  return gathered.map(({ pictures }) => pictures.map(({ path }) => path));
}

describe('gatherPictures', () => {
  it('finds what is anywhere below a folder, the nearest first, and says when it is all', async () => {
    const gathered = await gatherPictures(SMALL, ['open', 'terms'], LIMITS, anybody, none);
    expect(pathsOf(gathered)).toEqual([
      ['open/cover.jpg', 'open/maps/isles.tif', 'open/sky/moon.tif', 'open/sky/north.png', 'open/maps/old/coast.jpg'],
      ['terms/strata.jpg'],
    ]);
    expect(gathered.map(({ complete }) => complete)).toEqual([true, true]);
  });

  it('leaves out what may not be shown, and counts it', async () => {
    const [gathered] = await gatherPictures(SMALL, ['open'], LIMITS, (path) => !path.includes('sky'), none);
    expect(gathered).toMatchObject({ hidden: 2, complete: true });
    expect(pathsOf([gathered ?? { pictures: [] }])).toEqual([['open/cover.jpg', 'open/maps/isles.tif', 'open/maps/old/coast.jpg']]);
  });

  it('asks for a bounded number of bounded listings, however large the tree is', async () => {
    const endless = treeOf(() => Array.from({ length: 200_000 }, (_, at) => `folder ${at}`));
    const folders = Array.from({ length: 48 }, (_, at) => `top ${at}`);
    const gathered = await gatherPictures(endless, folders, LIMITS, anybody, none);
    expect(endless.asked).toHaveLength(LIMITS.listings);
    expect(new Set(endless.asked.map(({ limit }) => limit))).toEqual(new Set([LIMITS.entries]));
    expect(new Set(endless.asked.slice(0, 48).map(({ folder }) => folder))).toEqual(new Set(folders));
    expect(gathered.every(({ complete, pictures }) => !complete && pictures.length === 0)).toBe(true);
  });

  it('stops below a folder once it has enough pictures', async () => {
    const tree = treeOf((path) => (path === 'big' ? ['a', 'b', 'c'] : Array.from({ length: 20 }, (_, at) => `${at}.jpg`)));
    const [gathered] = await gatherPictures(tree, ['big'], LIMITS, anybody, none);
    expect(tree.asked.map(({ folder }) => folder)).toEqual(['big', 'big/a', 'big/b']);
    expect(gathered?.pictures).toHaveLength(24);
    expect(gathered?.complete).toBe(false);
  });

  it('shares the pictures of the page out, so that a large folder leaves some to the others', async () => {
    const tree = treeOf((path) => Array.from({ length: path === 'small' ? 3 : 24 }, (_, at) => `${at}.jpg`));
    const gathered = await gatherPictures(tree, ['one', 'small', 'two'], { ...LIMITS, pictures: 23 }, anybody, none);
    expect(gathered.map(({ pictures, complete }) => [pictures.length, complete])).toEqual([
      [10, false],
      [3, true],
      [10, false],
    ]);
  });

  it('is not complete where a listing was cut', async () => {
    const tree = treeOf(() => Array.from({ length: 25 }, (_, at) => `${at}.jpg`));
    const [gathered] = await gatherPictures(tree, ['long'], { ...LIMITS, picturesOfAFolder: 100 }, anybody, none);
    expect(gathered).toMatchObject({ complete: false });
  });

  it('goes on where a folder cannot be read, or is gone', async () => {
    const failures: unknown[] = [];
    const tree = treeOf((path) => {
      if (path === 'bad') throw new Error('the disk does not answer');
      return path === 'gone' ? null : ['a.jpg'];
    });
    const gathered = await gatherPictures(tree, ['bad', 'gone', 'good'], LIMITS, anybody, (error) => failures.push(error));
    expect(pathsOf(gathered)).toEqual([[], [], ['good/a.jpg']]);
    expect(gathered.map(({ complete }) => complete)).toEqual([false, true, true]);
    expect(failures.map(String)).toEqual(['Error: the disk does not answer']);
  });
});

describe('shareOut', () => {
  it.each([
    [[13, 2, 2, 1], 96, [13, 2, 2, 1]],
    [[24, 24, 24], 10, [4, 3, 3]],
    [[1, 24, 24], 11, [1, 5, 5]],
    [[5, 5], 0, [0, 0]],
    [[], 5, []],
  ])('of %j out of %i is %j', (wanted, total, shares) => {
    expect(shareOut(wanted, total)).toEqual(shares);
  });

  it('never gives more than there is or than is wanted, and keeps nothing back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 60 }), fc.nat(200), (wanted, total) => {
        const shares = shareOut(wanted, total);
        const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
        expect(shares.every((share, at) => share >= 0 && share <= (wanted[at] ?? 0))).toBe(true);
        expect(sum(shares)).toBe(Math.min(total, sum(wanted)));
      }),
    );
  });
});
