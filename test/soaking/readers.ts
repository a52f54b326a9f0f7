import { setTimeout as wait } from 'node:timers/promises';
import { TestVisitor } from '../harness/visitor.ts';

/** Asks for something. A sentence where the answer is none of those that it may have. */
type Ask = (visitor: TestVisitor, random: () => number) => Promise<string | null>;

const TILE = 256;
/** Of an answer that is wrong. */
const MOST_SAID = 300;

/** What readers, crawlers and scanners ask for, beside what is written. */
const ASKS: readonly Ask[] = [
  asks((random) => `/iiif/3/open%2Fpyramid.tif/${square(random)}/${TILE},/0/default.jpg`, [200]),
  asks((random) => `/iiif/2/members%2Fpyramid.tif/${square(random)}/${TILE},/0/default.jpg`, [200]),
  asks(
    (random) =>
      `/iiif/3/open%2Fphoto.jpg/full/${20 + Math.floor(random() * 400)},/0/default.${pick(random, ['jpg', 'png', 'webp', 'jp2', 'pdf'])}`,
    [200],
  ),
  asks((random) => pick(random, ['/iiif/3/members%2Fletter.jpg/info.json', '/iiif/2/open%2Fquarters.png/info.json']), [200]),
  asks(() => '/iiif/3/curators%2Fdiary.jpg/full/max/0/default.jpg', [401]),
  asks(() => '/iiif/3/nowhere%2Funlisted.jpg/info.json', [403]),
  asks((random) => `/iiif/3/open%2Fnothing-${Math.floor(random() * 1e6)}.jpg/info.json`, [404]),
  asks((random) => `/iiif/3/open%2Fphoto.jpg/${Math.floor(random() * 1e6)}abc/max/0/default.jpg`, [400]),
  asks(() => '/iiif/3/open%2Fbroken.jpg/full/100,/0/default.jpg', [500, 501]),
  asks((random) => pick(random, ['/', '/browse/open', '/session', '/browser-check', '/livez', '/readyz', '/assets/vitrine.css']), [200]),
  asks(
    (random) =>
      pick(random, [
        '/presentation/3/open%2Fphoto.jpg/manifest',
        '/presentation/2/open%2Fphoto.jpg/manifest',
        '/presentation/3/open/collection',
      ]),
    [200],
  ),
  breaksOff,
];

/** One who asks for one thing after the other until told to stop. */
export async function readOn(
  { base, cookie, random, pauseMilliseconds }: { base: string; cookie: string; random: () => number; pauseMilliseconds: number },
  stop: AbortSignal,
  onAnswer: (fault: string | null) => void,
): Promise<void> {
  const reader = new TestVisitor({ base }, { cookie });
  while (!stop.aborted) {
    const ask = pick(random, ASKS);
    onAnswer(await ask(reader, random).catch((error: unknown) => `no answer: ${String(error)}`));
    await wait(pauseMilliseconds);
  }
}

function asks(path: (random: () => number) => string, statuses: readonly number[]): Ask {
  return async (visitor, random) => {
    const asked = path(random);
    const answer = await visitor.ask(asked);
    const bytes = Buffer.from(await answer.arrayBuffer());
    return statuses.includes(answer.status) ? null : `${asked} answers ${answer.status}: ${bytes.toString('latin1', 0, MOST_SAID)}`;
  };
}

/** Closes the window before the picture is there. */
async function breaksOff(visitor: TestVisitor, random: () => number): Promise<null> {
  const leaving = new AbortController();
  const path = `/iiif/3/open%2Fquarters.png/full/${400 + Math.floor(random() * 400)},/0/default.png`;
  const asked = visitor.ask(path, { signal: leaving.signal }).then(({ arrayBuffer }) => arrayBuffer());
  setTimeout(() => leaving.abort(), random() * 30);
  await asked.catch(() => {});
  return null;
}

function square(random: () => number): string {
  return `${TILE * Math.floor(random() * 3)},${TILE * Math.floor(random() * 2)},${TILE},${TILE}`;
}

function pick<T>(random: () => number, values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('There is nothing to pick from.');
  return value;
}
