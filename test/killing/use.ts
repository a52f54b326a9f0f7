import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { SCOPES } from '../../src/domain/personal-token.ts';
import { addAdministrator } from '../harness/administrator.ts';
import { addPersonalToken } from '../harness/personal-token.ts';
import type { makeTestFolder } from '../harness/vitrine.ts';
import { createAcknowledged } from './acknowledged.ts';
import { drawLarge, readRightAnswers } from './pictures.ts';
import { type World, WRITERS, type Writer, WrongAnswer } from './writers.ts';

const LOAD_SECONDS = 60;

/** People, pictures and what is right of them, in the folder of a test. `args`: of `vitrine serve`. */
export async function makeWorld(
  { images, data, accessFile }: Awaited<ReturnType<typeof makeTestFolder>>,
  args: readonly string[],
  random: () => number,
  onFault: World['onFault'],
): Promise<World> {
  await drawLarge(images);
  await addAdministrator({ data });
  return {
    accessFile,
    token: await addPersonalToken({ data }, 'keeper', [...SCOPES]),
    reader: await idOf(data, 'reader'),
    right: await readRightAnswers(args),
    acknowledged: createAcknowledged(random),
    random,
    onPicture() {},
    onFault,
  };
}

async function idOf(data: string, name: string): Promise<string> {
  const database = await openSqlite(join(data, 'vitrine.db'));
  const user = await database.users.find(name);
  await database.close();
  if (user === null) throw new Error(`There is no user ${name}.`);
  return user.id;
}

/** Everybody does one thing after the other, until it is ended or the server is gone. */
export function beginToUse(given: World, base: string, { round, pauseMilliseconds = 0 }: { round: number; pauseMilliseconds?: number }) {
  const before = given.acknowledged.times;
  let pictures = 0;
  const world: World = {
    ...given,
    onPicture() {
      pictures += 1;
    },
  };
  let ended = false;
  let mayFail = false;
  let turns = 0;
  const turn = (): string => {
    turns += 1;
    return `${round}-${turns}`;
  };
  async function write(writer: Writer): Promise<void> {
    try {
      for await (const _done of writer(world, base, turn)) {
        if (ended) return;
        await wait(pauseMilliseconds);
      }
    } catch (error) {
      // A connection that is lost is what was wanted.
      if (!(error instanceof WrongAnswer) || (mayFail && error.status >= 500)) return;
      world.onFault(error.message);
    }
  }
  const writing = WRITERS.map(write);
  return {
    async untilDone(wanted: { readonly acknowledged: number; readonly pictures: number }) {
      const end = Date.now() + LOAD_SECONDS * 1000;
      while (world.acknowledged.times - before < wanted.acknowledged || pictures < wanted.pictures) {
        if (Date.now() > end) throw new Error('The server acknowledges nothing, or shows nothing.');
        await wait(5);
      }
    },
    /** Workers without the process that started them may say so, as long as they are there. */
    mayFail() {
      mayFail = true;
    },
    async end() {
      ended = true;
      await Promise.all(writing);
    },
  };
}
