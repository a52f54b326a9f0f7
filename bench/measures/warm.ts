import type { Contestant, Running } from '../contestants/contestant.ts';
import { askTiles, asSignedIn, CONNECTIONS, LOCKED, OPEN } from './ask-tiles.ts';
import { everybody } from './contestants.ts';
import type { Bench, Measure, Outcome } from './measure.ts';
import { figuresOf, ratio } from './medians.ts';
import { type Turn, takeTurns, warmUp } from './take-turns.ts';

/** Tiles that were asked for before, by who may see them, by anybody, and by who may not. */
export const warm: Measure = {
  name: 'warm',
  title: `Warm tiles, ${CONNECTIONS} connections`,
  async run(bench) {
    const contestants = await bench.take(everybody(bench));
    return bench.withRunning({ contestants }, (running) => measureWarm(bench, running));
  },
};

async function measureWarm(bench: Bench, running: ReadonlyMap<Contestant, Running>): Promise<Outcome> {
  const turns = [...running].flatMap(([contestant, server]) => turnsOf(bench, contestant, server));
  await warmUp(bench, turns);
  const rows = await takeTurns(bench, turns);
  const rate = (key: string) => figuresOf(rows, key).requestsPerSecond;
  const against = (key: string) => ratio(rate('vitrine'), rate(key));
  return {
    rows,
    wanted: [
      { sentence: 'Locked warm tiles: rate against nginx static', at: 'least', wanted: 0.5, reached: against('nginx') },
      { sentence: 'Locked warm tiles: rate against IIPImage of Debian', at: 'least', wanted: 8, reached: against('iipimage') },
      { sentence: 'Locked warm tiles: rate against auth_request with Flask', at: 'least', wanted: 40, reached: against('auth-request') },
      { sentence: 'Locked warm tiles: rate against iiif-processor', at: 'least', wanted: 20, reached: against('iiif-processor') },
      { sentence: 'Refusals: rate against grants', at: 'least', wanted: 1, reached: ratio(rate('vitrine refused'), rate('vitrine')) },
    ],
  };
}

function turnsOf(bench: Bench, { name, label }: Contestant, server: Running): readonly Turn[] {
  const signedIn = { key: name, take: () => askTiles(bench, asSignedIn(server)) };
  if (server.cookie === null) return [{ ...signedIn, label }];
  return [
    { ...signedIn, label: `${label}: locked, signed in` },
    { key: `${name} open`, label: `${label}: open to all`, take: () => askTiles(bench, { server, item: OPEN, cookies: [] }) },
    {
      key: `${name} refused`,
      label: `${label}: locked, refused`,
      take: () => askTiles(bench, { server, item: LOCKED, cookies: [], refused: true }),
    },
  ];
}
