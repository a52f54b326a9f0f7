import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unfinishedFolder } from './make-pyramid.ts';
import type { PyramidAnswer, PyramidOutcome, PyramidTask } from './pyramid-task.ts';

/** A process that makes pyramids, one at a time: so a codec that fails takes nothing else with it. It is started when it is needed, and ends when it was not for a while. */
export interface PyramidProcess {
  /** Never rejects: whatever goes wrong is an outcome. */
  make(task: Omit<PyramidTask, 'folder'>, onProgress?: (share: number) => void): Promise<PyramidOutcome>;
  /** Gives up what is under way, and leaves nothing behind. */
  close(): Promise<void>;
}

const IDLE_MILLISECONDS = 10_000;
/** So long it may take to remove what is unfinished; then it is ended all the same. */
const CLOSE_MILLISECONDS = 3_000;
/** JavaScript's own memory. Pixels are not in it. */
const HEAP_MEGABYTES = 256;

export function createPyramidProcess(): PyramidProcess {
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | null = null;

  const stop = async (): Promise<void> => {
    const ended = child;
    child = null;
    if (ended !== null) await end(ended);
  };

  return {
    async make(task, onProgress) {
      if (idle !== null) clearTimeout(idle);
      if (child?.connected !== true) child = start();
      const folder = unfinishedFolder(task.within);
      try {
        return await ask(child, { ...task, folder }, onProgress);
      } finally {
        // Where it was ended, it could not do that itself.
        await rm(folder, { recursive: true, force: true });
        idle = setTimeout(() => void stop(), IDLE_MILLISECONDS).unref();
      }
    },
    async close() {
      if (idle !== null) clearTimeout(idle);
      await stop();
    },
  };
}

/** Node runs the source as it is; the built package has JavaScript beside this file. */
function start(): ChildProcess {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const child = fork(join(import.meta.dirname, `pyramid-worker.${extension}`), {
    execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // An error between two tasks has nobody to go to.
  child.on('error', () => undefined);
  rest(child);
  return child;
}

/** Between tasks it does not keep us from ending. */
function rest(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function ask(child: ChildProcess, task: PyramidTask, onProgress: ((share: number) => void) | undefined): Promise<PyramidOutcome> {
  return new Promise((resolve) => {
    const onMessage = (answer: PyramidAnswer) => (answer.kind === 'progress' ? onProgress?.(answer.share) : settle(answer));
    const onExit = (code: number | null, signal: string | null) => fail(`the process that made it ended with ${signal ?? code}`);
    const onError = (error: Error) => fail(error.message);
    const fail = (why: string) => settle({ kind: 'failed', why });
    const settle = (outcome: PyramidOutcome) => {
      child.off('message', onMessage).off('error', onError).off('exit', onExit);
      rest(child);
      resolve(outcome);
    };
    child.ref();
    child.channel?.ref();
    child.on('message', onMessage).on('error', onError).on('exit', onExit);
    child.send(task, (error) => (error === null ? undefined : onError(error)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.ref();
  const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_MILLISECONDS);
  if (child.connected) child.disconnect();
  else child.kill('SIGKILL');
  await ended;
  clearTimeout(timer);
}
