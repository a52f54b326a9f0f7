import { imagePath, type Running } from '../contestants/contestant.ts';
import { askWithWrk } from '../load/wrk.ts';
import { untilAtRest } from '../processes.ts';
import { type Tile, viewerTiles } from '../sources/tiles.ts';
import type { Bench, Figures } from './measure.ts';

export const LOCKED = 'locked/picture.tif';
export const OPEN = 'open/picture.tif';
export const CONNECTIONS = 8;

export interface TileLoad {
  readonly server: Running;
  /** In the folder of pictures. */
  readonly item: string;
  /** Of the visitors who ask in turn; empty for one without. */
  readonly cookies: readonly string[];
  /** Whether every answer must be a refusal; else none may be. */
  readonly refused?: boolean;
  readonly connections?: number;
  /** Those of a viewer on the bench's picture unless told. */
  readonly tiles?: readonly Tile[];
  readonly once?: boolean;
  readonly seconds?: number | undefined;
}

/** Asks for tiles as fast as they come. @throws where an answer has the wrong status. */
export async function askTiles({ short, cores, picture, work }: Bench, load: TileLoad): Promise<Figures> {
  const {
    server,
    item,
    cookies,
    refused = false,
    connections = CONNECTIONS,
    tiles = viewerTiles(picture),
    once = false,
    seconds = short ? 1 : 2,
  } = load;
  const { answers, ...result } = await askWithWrk({
    base: server.base,
    paths: tiles.map(({ parameters }) => imagePath(server, item, parameters)),
    cookies,
    connections,
    seconds,
    once,
    pids: server.pids,
    core: cores.load,
    work,
  });
  // A slow one still makes what nobody waits for any more, on the core of whoever is next.
  if (!short) await untilAtRest(server.pids);
  if (result.refused !== (refused ? answers : 0)) throw new Error(`${server.base}: ${result.refused} of ${answers} answers were refusals.`);
  const { requestsPerSecond, p50, p99, cpuMicroseconds } = result;
  return { requestsPerSecond, p50, p99, cpuMicroseconds };
}

/** Who asks for the locked picture where the server knows locks, and for the open one where it does not. */
export function asSignedIn(server: Running): Pick<TileLoad, 'server' | 'item' | 'cookies'> {
  return {
    server,
    item: server.cookie === null && server.prefix !== '/' ? OPEN : LOCKED,
    cookies: server.cookie === null ? [] : [server.cookie],
  };
}
