import { type Contestant, imagePath, type Running } from '../contestants/contestant.ts';
import { iipimage } from '../contestants/iipimage.ts';
import { nginxStatic } from '../contestants/nginx-static.ts';
import { vitrine } from '../contestants/vitrine.ts';
import { askWithWrk } from '../load/wrk.ts';
import { viewerTiles } from '../sources/tiles.ts';
import type { Bench, Figures, Measure, Outcome } from './measure.ts';
import { ratio } from './medians.ts';
import { type Turn, takeTurns } from './take-turns.ts';

const CONNECTIONS = 8;
const LOCKED = 'locked/picture.tif';
const OPEN = 'open/picture.tif';

/** Tiles that were asked for before, by who may see them, by anybody, and by who may not. */
export const warm: Measure = {
  name: 'warm',
  title: `Warm tiles, ${CONNECTIONS} connections`,
  async run(bench) {
    const contestants = await bench.take([
      nginxStatic(bench.files),
      vitrine({ name: 'vitrine', label: 'Vitrine', lock: 'access-file' }),
      iipimage,
    ]);
    return bench.withRunning({ contestants }, (running) => measureWarm(bench, running));
  },
};

async function measureWarm(bench: Bench, running: ReadonlyMap<Contestant, Running>): Promise<Outcome> {
  const turns = [...running].flatMap(([contestant, server]) => turnsOf(bench, contestant, server));
  for (const turn of turns) await turn.take();
  const rows = await takeTurns(bench, turns);
  const figure = (label: string) => rows.find((row) => row.label === label)?.figures.requestsPerSecond;
  const locked = figure('Vitrine, locked, signed in');
  return {
    rows,
    wanted: [
      {
        sentence: 'locked warm tiles against nginx static',
        at: 'least',
        wanted: 0.5,
        reached: ratio(locked, figure('nginx, the same bytes as static files')),
      },
      { sentence: 'locked warm tiles against IIPImage of Debian', at: 'least', wanted: 8, reached: ratio(locked, figure(iipimage.label)) },
      { sentence: 'refusals against grants', at: 'least', wanted: 1, reached: ratio(figure('Vitrine, locked, refused'), locked) },
    ],
  };
}

function turnsOf(bench: Bench, { name, label }: Contestant, server: Running): readonly Turn[] {
  const turn = (what: string, item: string, cookie: string | null, refused = false): Turn => ({
    label: what,
    take: () => measureTiles(bench, server, item, cookie, refused),
  });
  if (server.cookie === null) return [turn(label, name === 'nginx' ? LOCKED : OPEN, null)];
  return [
    turn(`${label}, locked, signed in`, LOCKED, server.cookie),
    turn(`${label}, open`, OPEN, null),
    turn(`${label}, locked, refused`, LOCKED, null, true),
  ];
}

async function measureTiles(bench: Bench, server: Running, item: string, cookie: string | null, refused: boolean): Promise<Figures> {
  const paths = viewerTiles(bench.picture).map(({ parameters }) => imagePath(server, item, parameters));
  const result = await askWithWrk({
    base: server.base,
    paths,
    cookie,
    connections: CONNECTIONS,
    seconds: bench.short ? 1 : 2,
    pids: server.pids,
    core: bench.cores.load,
  });
  if (result.refused !== (refused ? result.answers : 0))
    throw new Error(`${item}: ${result.refused} of ${result.answers} answers were refusals.`);
  const { requestsPerSecond, p50, p99, cpuMicroseconds } = result;
  return { requestsPerSecond, p50, p99, cpuMicroseconds };
}
