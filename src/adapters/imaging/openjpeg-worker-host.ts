import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { OpenjpegAnswer, OpenjpegDone, OpenjpegTask } from './openjpeg-task.ts';

/**
 * OpenJPEG in a process of its own: one task after another, each with a time limit. No thread, because V8 can take the whole
 * server down when a thread with WebAssembly is ended, and because what the library does to a hostile file must not reach us.
 */
export interface OpenjpegWorker {
  /** Rejects with a message that holds `timeout` when the limit is reached. */
  run(task: OpenjpegTask): Promise<OpenjpegDone>;
  close(): Promise<void>;
}

/** WebAssembly memory only grows; a worker that holds more than this is replaced. */
const MAX_KEPT_BYTES = 192 * 1024 * 1024;
const IDLE_MILLISECONDS = 20_000;

export function createOpenjpegWorker(timeLimitSeconds: number): OpenjpegWorker {
  let worker: ChildProcess | null = null;
  let idle: NodeJS.Timeout | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const stop = async (): Promise<void> => {
    const ended = worker;
    worker = null;
    if (ended !== null) await end(ended);
  };

  const perform = async (task: OpenjpegTask): Promise<OpenjpegDone> => {
    if (closed) throw new Error('The image reader is closed');
    if (idle !== null) clearTimeout(idle);
    if (worker?.connected !== true) worker = start();
    try {
      const answer = await ask(worker, task, timeLimitSeconds);
      if (answer.kind === 'failed') throw new Error(answer.why);
      if (answer.memoryBytes > MAX_KEPT_BYTES) await stop();
      return answer;
    } catch (error) {
      // Whatever went wrong, the next task gets a fresh library.
      await stop();
      throw error;
    } finally {
      idle = setTimeout(() => void stop(), IDLE_MILLISECONDS).unref();
    }
  };

  return {
    run(task) {
      const result = last.then(() => perform(task));
      last = result.catch(() => undefined);
      return result;
    },
    async close() {
      closed = true;
      if (idle !== null) clearTimeout(idle);
      await stop();
    },
  };
}

/** Node runs the source as it is; the built package has JavaScript beside this file. */
function start(): ChildProcess {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = fork(join(import.meta.dirname, `openjpeg-worker.${extension}`), {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // An error between two tasks has nobody to go to, and must not end the server.
  worker.on('error', () => undefined);
  rest(worker);
  return worker;
}

/** Between tasks it does not keep the server from ending. */
function rest(worker: ChildProcess): void {
  worker.unref();
  worker.channel?.unref();
}

async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, 'exit');
  worker.ref();
  worker.kill('SIGKILL');
  await ended;
}

function ask(worker: ChildProcess, task: OpenjpegTask, timeLimitSeconds: number): Promise<OpenjpegAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new Error('timeout in the JPEG 2000 worker'))), timeLimitSeconds * 1000);
    const onMessage = (answer: unknown) => settle(() => resolve(answer as OpenjpegAnswer));
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = (code: number | null, signal: string | null) =>
      settle(() => reject(new Error(`the JPEG 2000 worker ended with ${signal ?? code}`)));
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      rest(worker);
      finish();
    };
    worker.ref();
    worker.channel?.ref();
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.send(task, (error) => (error === null ? undefined : onError(error)));
  });
}
