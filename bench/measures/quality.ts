import { type Contestant, imagePath, type Running } from '../contestants/contestant.ts';
import { iiifProcessor } from '../contestants/iiif-processor.ts';
import { iipimage } from '../contestants/iipimage.ts';
import { DERIVATIVES, type DerivativeKind, requestsOf } from '../sources/derivatives.ts';
import { shuffled } from '../sources/random.ts';
import { makeReference, similarity } from '../sources/reference.ts';
import { viewerTiles } from '../sources/tiles.ts';
import { asSignedIn } from './ask-tiles.ts';
import { lockedVitrine } from './contestants.ts';
import type { Bench, Measure, Row, Wanted } from './measure.ts';
import { figuresOf, median } from './medians.ts';

const PICTURES = 3;
const SEED = 17;
/** Below this it is another picture. */
const SAME_PICTURE = 0.8;

/** Nobody sees less than this. */
const AS_GOOD = -0.001;

const TILE: DerivativeKind = {
  name: 'tile',
  label: 'a tile',
  next: (size, random) => shuffled(viewerTiles(size), random)[0]?.parameters ?? '',
};
const KINDS = [TILE, ...DERIVATIVES];

/** How near each answer is to what it should look like; and whether all contestants answer with the same picture at all. */
export const quality: Measure = {
  name: 'quality',
  title: 'Likeness to a careful reference (SSIM, 1 is equal)',
  async run(bench) {
    const contestants = await bench.take([lockedVitrine, iipimage, iiifProcessor]);
    return bench.withRunning({ contestants }, async (running) => {
      const rows: Row[] = [];
      for (const kind of KINDS) rows.push(...(await compare(bench, kind, running)));
      const alike = (kind: DerivativeKind, who: Contestant) => figuresOf(rows, `${kind.name} ${who.name}`).similarity;
      const wanted = DERIVATIVES.map((kind): Wanted => {
        const [ours, theirs] = [alike(kind, lockedVitrine), alike(kind, iipimage)];
        const reached = ours === undefined || theirs === undefined ? null : ours - theirs;
        return { sentence: `${kind.label}: SSIM above that of IIPImage`, at: 'least', wanted: AS_GOOD, reached };
      });
      return { rows, wanted };
    });
  },
};

async function compare(bench: Bench, kind: DerivativeKind, running: ReadonlyMap<Contestant, Running>): Promise<readonly Row[]> {
  const next = requestsOf(kind, bench.picture, SEED);
  const requests = Array.from({ length: bench.short ? 1 : PICTURES }, next);
  const seen = new Map<Contestant, Likeness[]>([...running.keys()].map((who) => [who, []]));
  for (const parameters of requests) {
    const reference = await makeReference(bench.picture, parameters);
    for (const [who, server] of running) seen.get(who)?.push(await likenessOf(server, parameters, reference));
  }
  return [...seen].map(([{ name, label }, likenesses]): Row => {
    const row = { key: `${kind.name} ${name}`, group: kind.label, label };
    const failure = likenesses.find((each) => each.failure !== undefined)?.failure;
    if (failure !== undefined) return { ...row, figures: {}, failure };
    const [alike, bytes] = [median(likenesses.map((each) => each.similarity)), median(likenesses.map((each) => each.bytes))];
    bench.say(`  ${kind.label}: ${label}: ${alike.toFixed(4)}`);
    return { ...row, figures: { similarity: alike, kilobytes: bytes / 1000 } };
  });
}

interface Likeness {
  readonly similarity: number;
  readonly bytes: number;
  readonly failure?: string;
}

async function likenessOf(server: Running, parameters: string, reference: Buffer): Promise<Likeness> {
  try {
    const answer = await fetch(`${server.base}${imagePath(server, asSignedIn(server).item, parameters)}`, {
      signal: AbortSignal.timeout(120_000),
      headers: server.cookie === null ? {} : { cookie: server.cookie },
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (answer.status !== 200) throw new Error(`${parameters} was answered ${answer.status}`);
    const alike = await similarity(bytes, reference);
    const failure = alike < SAME_PICTURE ? { failure: `${parameters} is another picture: SSIM ${alike.toFixed(3)}` } : {};
    return { similarity: alike, bytes: bytes.length, ...failure };
  } catch (error) {
    return { similarity: 0, bytes: 0, failure: error instanceof Error ? error.message : String(error) };
  }
}
