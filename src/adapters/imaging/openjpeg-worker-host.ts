import { Worker } from 'node:worker_threads';
import type { OpenjpegAnswer, OpenjpegDone, OpenjpegTask } from './openjpeg-task.ts';

/** OpenJPEG in a worker thread of its own: one task after another, each with a time limit. */
export interface OpenjpegWorker {
  /** Rejects with a message that holds `timeout` when the limit is reached. */
  run(task: OpenjpegTask): Promise<OpenjpegDone>;
  close(): Promise<void>;
}

/** WebAssembly memory only grows; a worker that holds more than this is replaced. */
const MAX_KEPT_BYTES = 192 * 1024 * 1024;
const IDLE_MILLISECONDS = 20_000;

export function createOpenjpegWorker(timeLimitSeconds: number): OpenjpegWorker {
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const stop = async (): Promise<void> => {
    const ended = worker;
    worker = null;
    await ended?.terminate();
  };

  const perform = async (task: OpenjpegTask): Promise<OpenjpegDone> => {
    if (closed) throw new Error('The image reader is closed');
    if (idle !== null) clearTimeout(idle);
    worker ??= start();
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
function start(): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./openjpeg-worker.${extension}`, import.meta.url));
  // An error between two tasks has nobody to go to, and must not end the process.
  worker.on('error', () => undefined);
  worker.unref();
  return worker;
}

function ask(worker: Worker, task: OpenjpegTask, timeLimitSeconds: number): Promise<OpenjpegAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new Error('timeout in the JPEG 2000 worker'))), timeLimitSeconds * 1000);
    const onMessage = (answer: OpenjpegAnswer) => settle(() => resolve(answer));
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = () => settle(() => reject(new Error('the JPEG 2000 worker ended')));
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      worker.unref();
      finish();
    };
    // While a task runs, it keeps the process alive.
    worker.ref();
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(task);
  });
}
