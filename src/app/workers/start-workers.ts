import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { removeStaleSocket } from '../../adapters/system/unix-socket.ts';
import type { Options } from '../../config/options.ts';
import { StartProblem } from '../../config/start-problem.ts';
import type { Metric } from '../../lib/metric.ts';
import { prepareCertificate } from '../certificate.ts';
import type { ContentKind } from '../content/content.ts';
import { createServerWide, type ServerWide } from '../server-wide.ts';
import type { Reload, RunningVitrine } from '../start-server.ts';
import { answerCalls, type Call, callOver, type Line } from './calls.ts';
import { handOnLostConnections } from './lost-connections.ts';
import { optionsOfOne } from './options-of-one.ts';
import { createPauses } from './pauses.ts';
import { answerShared, type SharedCalls } from './shared-calls.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

/** What a worker is told before it starts. */
export interface WorkerTask {
  /** From 1; the same for whoever takes the place of one that has ended. */
  readonly number: number;
  readonly options: Options;
  readonly content: ContentKind;
  readonly firstLink: ServerWide['firstLink'];
}

/** A start that came to nothing: sentences for people, and the code that the program ends with. */
export interface WorkerProblem {
  readonly sentences: readonly string[];
  readonly exitCode: 1 | 2;
}

export type PrimaryCalls = SharedCalls & {
  /** The first question of every worker. */
  beginWork(): Promise<WorkerTask>;
  serving(server: Pick<RunningVitrine, 'url' | 'firstAdministrator'>): Promise<void>;
  failed(problem: WorkerProblem): Promise<void>;
};

export type WorkerCalls = {
  /** Takes over the access file as it is now. */
  lookAtAccess(): Promise<void>;
  /** Lets running answers end, and ends. */
  stop(): Promise<void>;
  /** Reads its files anew. */
  reload(change: Reload): Promise<void>;
  /** What it has counted since it began. */
  metrics(): Promise<readonly Metric[]>;
};

interface Place {
  readonly number: number;
  running: { readonly worker: Worker; readonly call: Call<WorkerCalls> } | null;
}

/** A worker that is too busy to answer takes the access file over a little later, by itself. */
const LOOK_SECONDS = 5;

/**
 * Several processes that answer on one port. One that ends is replaced. Resolves when the first of them serves.
 * `program`: what a worker runs, with `environment` besides. `prepare`: what comes before they serve, while they load what they need.
 * @throws StartProblem where none of them can.
 */
export async function startWorkers(
  options: Options,
  count: number,
  io: {
    readonly log: Logger;
    readonly content: ContentKind;
    readonly program: string;
    readonly environment: object;
    prepare(): Promise<void>;
  },
): Promise<RunningVitrine> {
  const { log, program, environment } = io;
  const wide = createServerWide(options, log);
  const begun = Promise.withResolvers<Pick<RunningVitrine, 'url' | 'firstAdministrator'>>();
  const pauses = createPauses();
  const counted = createWorkerMetrics();
  const places: readonly Place[] = Array.from({ length: count }, (_, index) => ({ number: index + 1, running: null }));
  let prepared: Promise<void> = Promise.resolve();
  let isServing = false;
  let current = options;
  let stopping = false;

  function functionsFor(place: Place): PrimaryCalls & { readonly leave: () => void } {
    const { functions, leave } = answerShared({ ...wide, accessChanged: () => lookAtAccess(place), collectMetrics });
    return {
      ...functions,
      leave,
      async beginWork() {
        // Where there is nothing to begin, they are all ended.
        await prepared.catch(() => new Promise<never>(() => {}));
        return { number: place.number, options: optionsOfOne(current, count), content: io.content, firstLink: wide.firstLink };
      },
      async serving(server) {
        isServing = true;
        begun.resolve(server);
      },
      async failed({ sentences, exitCode }) {
        if (!isServing) begun.reject(new StartProblem(sentences, exitCode));
        else for (const sentence of sentences) log.error({ worker: place.number }, sentence);
      },
    };
  }

  function begin(place: Place): void {
    if (stopping) return;
    const worker = cluster.fork(environment);
    handOnLostConnections(worker);
    const { leave, ...functions } = functionsFor(place);
    const began = performance.now();
    const line = lineTo(worker);
    place.running = { worker, call: callOver(line) };
    answerCalls(line, functions);
    worker.once('exit', (code, signal) => {
      place.running = null;
      counted.left(place.number);
      leave();
      if (stopping) return;
      if (!isServing) return begun.reject(new Error(`A worker ended with ${signal ?? code} before it served.`));
      const milliseconds = pauses.next(place.number, performance.now() - began);
      log.error({ worker: place.number, ended: signal ?? code }, 'a worker has ended; another one takes its place');
      void setTimeout(milliseconds, null, { ref: false }).then(() => begin(place));
    });
  }

  /** All but the one that has changed it. */
  async function lookAtAccess(changedBy: Place): Promise<void> {
    const others = places.filter((place) => place !== changedBy);
    const looking = others.map(async ({ running }) => running?.call('lookAtAccess').catch(() => {}));
    await Promise.race([Promise.all(looking), setTimeout(LOOK_SECONDS * 1000, null, { ref: false })]);
  }

  /** A worker that has just begun has read them already. */
  async function reload(change: Reload): Promise<void> {
    current = { ...current, ...change };
    await Promise.all(places.map(({ running }) => running?.call('reload', change)));
  }

  function collectMetrics() {
    const running = places.flatMap(({ number, running: now }) => (now === null ? [] : [{ number, ask: () => now.call('metrics') }]));
    return counted.collect(running);
  }

  async function close(): Promise<void> {
    stopping = true;
    await Promise.all(places.map(({ running }) => (running === null ? null : stop(running))));
    if (options.socket !== null) await removeStaleSocket(options.socket).catch(() => {});
    await wide.close();
  }

  /** The certificate, too, is made by one and found by all; and one clears the way for the socket of all. */
  async function prepare(): Promise<void> {
    await io.prepare();
    if (options.socket !== null) await removeStaleSocket(options.socket);
    await prepareCertificate(options);
  }

  cluster.setupPrimary({ exec: program, args: [], serialization: 'advanced' });
  for (const place of places) begin(place);
  prepared = prepare();
  prepared.catch(begun.reject);
  const server = await begun.promise.catch(async (error: unknown) => {
    stopping = true;
    for (const { running } of places) running?.worker.process.kill('SIGKILL');
    await wide.close();
    throw error;
  });
  return { ...server, reload, close };
}

/** Resolves when it has ended. One that does not answer is left to whoever ends this process. */
async function stop({ worker, call }: NonNullable<Place['running']>): Promise<void> {
  const ended = worker.isDead() ? null : once(worker, 'exit');
  await call('stop').catch(() => {});
  await ended;
}

function lineTo(worker: Worker): Line {
  return {
    send: (message, done) =>
      worker.isConnected() ? worker.send(message as object, undefined, undefined, done) : done(new Error('It has ended.')),
    on: (event, hear) => worker.on(event, hear),
    once: (event, hear) => worker.once(event, hear),
  };
}
