import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Contestant, imagePath, type Running } from '../contestants/contestant.ts';
import { iipimage } from '../contestants/iipimage.ts';
import { vitrine } from '../contestants/vitrine.ts';
import { askEach, askWhole } from '../load/ask-each.ts';
import { DERIVATIVES, requestsOf } from '../sources/derivatives.ts';
import { jpeg2000Of } from '../sources/jpeg2000.ts';
import type { Picture } from '../sources/pictures.ts';
import { distinct, viewerTiles } from '../sources/tiles.ts';
import { askTiles, asSignedIn } from './ask-tiles.ts';
import { HIGH_LIMITS } from './contestants.ts';
import type { Bench, Measure } from './measure.ts';
import { type Turn, takeTurns } from './take-turns.ts';

const SIZE = { width: 6_000, height: 4_500 };
const SHORT_SIZE = { width: 2_000, height: 1_500 };
const SEED = 19;
const MOST_SECONDS_OF_MAKING = 180;

const before = vitrine({
  name: 'before',
  label: 'Vitrine before the pyramid',
  lock: 'access-file',
  args: [...HIGH_LIMITS, '--pyramid-disk-megabytes', '0'],
});
const after = vitrine({ name: 'after', label: 'Vitrine after it', lock: 'access-file', args: HIGH_LIMITS });

/** A source that is slow to read, and the same when its pyramid is there. */
export const jpeg2000: Measure = {
  name: 'jpeg2000',
  title: 'A JPEG 2000 source; tiles once each over 8 connections, the rest over 2',
  async run(bench) {
    const picture = await jpeg2000Of(bench.short ? SHORT_SIZE : SIZE, bench.say);
    const contestants = await bench.take([before, after, iipimage]);
    return bench.withRunning({ contestants, pictures: { 'picture.tif': picture.file } }, async (running) => {
      const made = running.get(after);
      if (made !== undefined) await untilPyramid(bench, made);
      const turns = [...running].map(([contestant, server]) => turnsOf(bench, picture, contestant, server));
      const kinds = turns[0]?.map((_, kind) => turns.flatMap((each) => each[kind] ?? [])) ?? [];
      return { rows: await takeTurns(bench, kinds.flat()), wanted: [] };
    });
  },
};

/** It is made in the background, once somebody has asked for the picture. */
async function untilPyramid({ say }: Bench, server: Running): Promise<void> {
  const begin = performance.now();
  await askWhole(`${server.base}${imagePath(server, asSignedIn(server).item, 'full/!600,600')}`, server.cookie);
  while (!(await hasPyramid(server.data ?? ''))) {
    if (performance.now() - begin > MOST_SECONDS_OF_MAKING * 1000) throw new Error('No pyramid was made.');
    await setTimeout(200);
  }
  say(`  its pyramid was there after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
}

async function hasPyramid(data: string): Promise<boolean> {
  const names = await readdir(join(data, 'pyramids'), { recursive: true }).catch(() => []);
  return names.some((name) => name.endsWith('.tif') && !name.includes('.unfinished'));
}

function turnsOf(bench: Bench, picture: Picture, { name, label }: Contestant, server: Running): readonly Turn[] {
  const tiles = distinct(viewerTiles(picture));
  const { item } = asSignedIn(server);
  let taken = 0;
  const askForNew = () => {
    taken += 1;
    const some = tiles.filter((_, i) => i % bench.rounds === taken % bench.rounds);
    return askTiles(bench, { ...asSignedIn(server), once: true, tiles: some, seconds: bench.short ? 2 : 4 });
  };
  const derivatives = DERIVATIVES.filter((kind) => kind.name === 'thumbnail' || kind.name === 'whole').map((kind): Turn => {
    const parameters = requestsOf(kind, picture, SEED);
    const next = () => imagePath(server, item, parameters());
    const { base, cookie, pids } = server;
    return {
      key: `${kind.name} ${name}`,
      group: kind.label,
      label,
      take: () => askEach({ base, next, cookie, connections: 2, seconds: bench.short ? 0.3 : 3, pids }),
    };
  });
  return [{ key: `tiles ${name}`, group: 'tiles', label, take: askForNew }, ...derivatives];
}
