import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import { AT, LATER } from './stored-people.ts';

/** What every `AccessVersionStore` does. */
export function describeAccessVersionStore(engine: string, open: () => Promise<Database>): void {
  describe(`versions of the access file in ${engine}`, () => {
    let db: Database;
    beforeEach(async () => {
      db = await open();
    });
    afterEach(() => db.close());

    const add = (digest: string, more: { by?: string; comment?: string; at?: Date } = {}) =>
      db.accessVersions.add({ at: AT, by: null, comment: null, digest, text: `text of ${digest}`, ...more });

    it('are numbered from 1, and listed newest first', async () => {
      await add('a');
      const second = await add('b', { by: 'Ada', comment: 'maps “open” ß', at: LATER });
      expect(second).toEqual({ number: 2, at: LATER, by: 'Ada', comment: 'maps “open” ß', digest: 'b' });
      expect(await db.accessVersions.list({ limit: 10 })).toEqual([second, { number: 1, at: AT, by: null, comment: null, digest: 'a' }]);
      expect(await db.accessVersions.list({ limit: 1 })).toEqual([second]);
      expect((await db.accessVersions.list({ before: 2, limit: 10 })).map(({ number }) => number)).toEqual([1]);
    });

    it('have their whole text', async () => {
      await add('a');
      expect(await db.accessVersions.find(1)).toEqual({ number: 1, at: AT, by: null, comment: null, digest: 'a', text: 'text of a' });
      expect(await db.accessVersions.find(2)).toBeNull();
    });

    it('are not kept twice in a row; who and why is added where it was not known', async () => {
      await add('a');
      expect(await add('a', { by: 'Ada', comment: 'mine', at: LATER })).toMatchObject({ number: 1, by: 'Ada', comment: 'mine', at: AT });
      expect(await add('a')).toMatchObject({ number: 1, by: 'Ada', comment: 'mine' });
      await add('b');
      await add('a');
      expect((await db.accessVersions.list({ limit: 10 })).map(({ digest }) => digest)).toEqual(['a', 'b', 'a']);
      expect(await db.accessVersions.find(1)).toMatchObject({ text: 'text of a', by: 'Ada' });
    });

    it('get numbers of their own where several are added at once', async () => {
      const added = await Promise.all(['a', 'b', 'c', 'd'].map((digest) => add(digest)));
      expect(added.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4]);
    });
  });
}
