import { join } from 'node:path';
import type { Logger } from 'pino';
import { removeStaleSocket } from '../adapters/system/unix-socket.ts';
import type { ContentKind } from '../app/content/content.ts';
import type { Lab } from '../app/content/lab.ts';
import type { RunningVitrine } from '../app/start-server.ts';
import { countWorkers } from '../app/workers/options-of-one.ts';
import type { Options } from '../config/options.ts';
import { StartProblem } from '../config/start-problem.ts';
import { keepCompiled } from './keep-compiled.ts';
import { reloadWhenAsked } from './reload.ts';

/** Beyond the time that answers under way are given. */
const CLOSE_SECONDS = 2;
const LINGER_SECONDS = 1;

interface Start {
  readonly options: Options;
  readonly log: Logger;
  /** Where what it gives comes from. */
  readonly content: ContentKind;
  /** What the demo adds. */
  readonly lab?: Lab;
  /** The options as they are written now; without it nothing is read anew. */
  reread?(): Options;
  /** What comes before the first request; a start that it rejects comes to nothing. */
  prepare(): Promise<void>;
  /** Runs once requests are answered. */
  announce(server: RunningVitrine): void;
}

/** Serves until the program is asked to stop. */
export async function listen(start: Start): Promise<void> {
  const stop = askedToStop();
  const { options, log, reread } = start;
  const reloading = reread === undefined ? null : reloadWhenAsked();
  const server = await startAll(start).catch((error: unknown) => {
    throw asStartProblem(error, options);
  });
  start.announce(server);
  if (reread !== undefined) reloading?.with({ options, log, reread, reload: server.reload });
  await stop;
  log.info('stopping');
  await Promise.race([server.close(), afterSeconds(options.stopSeconds + CLOSE_SECONDS)]);
  // Whatever a codec or a browser's idle connection still holds open must not keep a stopped server alive.
  setTimeout(() => process.exit(), LINGER_SECONDS * 1000).unref();
}

/** The demo is one process, as what it shows is for a few people. What answers requests is loaded by those that do. */
async function startAll({ options, log, content, lab, prepare }: Start): Promise<RunningVitrine> {
  const workers = lab === undefined ? countWorkers(options) : 1;
  const environment = keepCompiled(options);
  if (workers > 1) {
    const { startWorkers } = await import('../app/workers/start-workers.ts');
    return startWorkers(options, workers, { log, content, program: workerProgram(), environment, prepare });
  }
  await prepare();
  if (options.socket !== null) await removeStaleSocket(options.socket);
  const { startServer } = await import('../app/start-server.ts');
  const server = await startServer(options, { log, content, lab: lab ?? null });
  void server.rehearse();
  return server;
}

/** Node runs the source as it is; the built package has JavaScript beside this file. */
function workerProgram(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return join(import.meta.dirname, `serve-worker.${extension}`);
}

type Places = Pick<Options, 'host' | 'port' | 'httpPort' | 'socket'>;

/** The usual reasons why listening fails, as sentences; anything else, files among it, stays what it is. */
export function asStartProblem(error: unknown, options: Places): unknown {
  const code = error instanceof Error && 'code' in error && !('path' in error) ? error.code : null;
  const sentence = typeof code === 'string' ? explainListening(code, placeOf(error, options)) : null;
  return sentence === null ? error : new StartProblem([sentence], 1, { cause: error });
}

interface Place {
  readonly host: string;
  readonly port: unknown;
  readonly option: 'port' | 'http-port';
  /** Null: a port. */
  readonly socket: string | null;
}

function placeOf(error: unknown, { host, port, httpPort, socket }: Places): Place {
  const failed = error instanceof Error && 'port' in error ? error.port : port;
  const isOther = failed === httpPort && httpPort !== 0;
  return { host, port: isOther ? httpPort : port, option: isOther ? 'http-port' : 'port', socket: isOther ? null : socket };
}

function explainListening(code: string, { host, port, option, socket }: Place): string | null {
  if (socket !== null) {
    const isClosed = code === 'EACCES' || code === 'ENOENT';
    return isClosed ? `The socket ${socket} cannot be made: its folder does not exist, or this account may not write there.` : null;
  }
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by another program; choose another one with --${option}.`;
    case 'EACCES':
      return `This account may not listen on port ${port}; choose one above 1023 with --${option}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine; choose another one with --host.`;
    default:
      return null;
  }
}

/** The first SIGINT or SIGTERM; a second one ends the program at once. */
function askedToStop(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let asked = false;
  const stop = (): void => {
    if (asked) process.exit(130);
    asked = true;
    resolve();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return promise;
}

function afterSeconds(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000).unref();
  });
}
