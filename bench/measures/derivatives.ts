import { type Contestant, imagePath, type Running } from '../contestants/contestant.ts';
import { iiifProcessor } from '../contestants/iiif-processor.ts';
import { iipimage } from '../contestants/iipimage.ts';
import { askEach } from '../load/ask-each.ts';
import { DERIVATIVES, type DerivativeKind, requestsOf } from '../sources/derivatives.ts';
import { asSignedIn } from './ask-tiles.ts';
import { lockedVitrine } from './contestants.ts';
import type { Bench, Measure, Wanted } from './measure.ts';
import { figuresOf, ratio } from './medians.ts';
import { type Turn, takeTurns, warmUp } from './take-turns.ts';

const CONNECTIONS = 2;
const SEED = 11;

/** What is no tile: each request is a new one, so that no finished answer helps. */
export const derivatives: Measure = {
  name: 'derivatives',
  title: `Derivatives, ${CONNECTIONS} connections, none asked for twice`,
  async run(bench) {
    const contestants = await bench.take([lockedVitrine, iipimage, iiifProcessor]);
    return bench.withRunning({ contestants }, async (running) => {
      const turns = DERIVATIVES.flatMap((kind) => [...running].map(([contestant, server]) => turnOf(bench, kind, contestant, server)));
      await warmUp(bench, turns.slice(0, running.size));
      const rows = await takeTurns(bench, turns);
      const rate = (kind: DerivativeKind, who: Contestant) => figuresOf(rows, `${kind.name} ${who.name}`).requestsPerSecond;
      const wanted = DERIVATIVES.flatMap((kind): readonly Wanted[] => [
        {
          sentence: `${kind.label}: rate against iiif-processor`,
          at: 'least',
          wanted: 2.5,
          reached: ratio(rate(kind, lockedVitrine), rate(kind, iiifProcessor)),
        },
        {
          sentence: `${kind.label}: time against IIPImage of Debian`,
          at: 'most',
          wanted: 1.5,
          reached: ratio(rate(kind, iipimage), rate(kind, lockedVitrine)),
        },
      ]);
      return { rows, wanted };
    });
  },
};

function turnOf({ picture, short }: Bench, kind: DerivativeKind, { name, label }: Contestant, server: Running): Turn {
  const { item } = asSignedIn(server);
  const parameters = requestsOf(kind, picture, SEED);
  const next = () => imagePath(server, item, parameters());
  return {
    key: `${kind.name} ${name}`,
    group: kind.label,
    label,
    take: () =>
      askEach({ base: server.base, next, cookie: server.cookie, connections: CONNECTIONS, seconds: short ? 0.3 : 3, pids: server.pids }),
  };
}
