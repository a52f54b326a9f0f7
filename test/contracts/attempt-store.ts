import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/storage/database.ts';
import { AT, END, LATER } from './stored-people.ts';

/** What every `AttemptStore` does. */
export function describeAttemptStore(engine: string, open: () => Promise<Database>): void {
  describe(`attempts in ${engine}`, () => {
    let db: Database;
    beforeEach(async () => {
      db = await open();
    });
    afterEach(() => db.close());

    it('are counted for their key, from a time on', async () => {
      await db.attempts.add('name ada', AT);
      await db.attempts.add('name ada', LATER);
      await db.attempts.add('name ada', LATER);
      await db.attempts.add('name bob', LATER);
      expect(await db.attempts.count('name ada', AT)).toBe(3);
      expect(await db.attempts.count('name ada', LATER)).toBe(2);
      expect(await db.attempts.count('name ada', END)).toBe(0);
      expect(await db.attempts.count('name', AT)).toBe(0);
    });

    it('are cleared for one key', async () => {
      await db.attempts.add('name ada', AT);
      await db.attempts.add('name bob', AT);
      await db.attempts.clear('name ada');
      expect(await db.attempts.count('name ada', AT)).toBe(0);
      expect(await db.attempts.count('name bob', AT)).toBe(1);
    });

    it('are forgotten after a while', async () => {
      for (const at of [AT, AT, LATER]) await db.attempts.add('name ada', at);
      expect(await db.attempts.removeBefore(LATER)).toBe(2);
      expect(await db.attempts.count('name ada', AT)).toBe(1);
    });
  });
}
