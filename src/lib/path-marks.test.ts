import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMarked, marksOf } from './path-marks.ts';

const segments = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 30 });

describe('marks of a path', () => {
  it('tell its item and each of its folders, and no others', () => {
    fc.assert(
      fc.property(segments, segments, (path, other) => {
        const name = `${marksOf(path.join('/'))}rest.tif`;
        expect(isMarked(name, { kind: 'everything' })).toBe(true);
        expect(isMarked(name, { kind: 'item', path: path.join('/') })).toBe(true);
        for (let i = 1; i < path.length; i++) expect(isMarked(name, { kind: 'folder', path: path.slice(0, i).join('/') })).toBe(true);
        if (other.join('/') === path.join('/')) return;
        expect(isMarked(name, { kind: 'item', path: other.join('/') })).toBe(false);
        const isAbove = other.length < path.length && other.every((segment, i) => segment === path[i]);
        if (!isAbove && other.length <= 16) expect(isMarked(name, { kind: 'folder', path: other.join('/') })).toBe(false);
      }),
    );
  });

  it('leave room in a name, whatever the path', () => {
    expect(marksOf(`${'a/'.repeat(2_000)}é.jpg`).length).toBeLessThan(150);
  });

  it('do not make an item of a folder that is called like it', () => {
    const name = `${marksOf('letters/anna.jpg')}rest`;
    expect(isMarked(name, { kind: 'folder', path: 'letters/anna.jpg' })).toBe(false);
    expect(isMarked(name, { kind: 'folder', path: 'letters/old' })).toBe(false);
    expect(isMarked(name, { kind: 'item', path: 'letters' })).toBe(false);
  });

  it('are missing where a name has none, and then it is of all', () => {
    expect(isMarked('something-else.tif', { kind: 'item', path: 'letters/anna.jpg' })).toBe(true);
  });
});
