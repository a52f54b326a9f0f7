/** Runs in a process of its own: makes one pyramid after another. Started by `pyramid-process.ts`. */
import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { makePyramidOfSource } from './pyramid-of-source.ts';
import type { PyramidAnswer, PyramidOutcome, PyramidTask } from './pyramid-task.ts';
import { keepWithin } from './tidy-pyramids.ts';

/** A source that needs more is given up: what can wait may not take the memory of what cannot. */
const MOST_MEMORY_BYTES = 1_500_000_000;
const WATCH_MILLISECONDS = 250;

const stop = new AbortController();
// A signal that ends the server often goes to all of its processes; the one that started this one says when.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
process.on('disconnect', () => stop.abort());
process.on('message', (task: PyramidTask) => void perform(task).then(answer));

async function perform(task: PyramidTask): Promise<PyramidOutcome> {
  if (task.inLeftTime) waitForOthers();
  const watching = setInterval(endWhenTooLarge, WATCH_MILLISECONDS).unref();
  try {
    return await make(task);
  } catch (error) {
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  } finally {
    clearInterval(watching);
  }
}

async function make(task: PyramidTask): Promise<PyramidOutcome> {
  const outcome = await makePyramidOfSource({ ...task, onProgress: (share) => answer({ kind: 'progress', share }), signal: stop.signal });
  const isKept = outcome.kind !== 'made' || task.bound === null || (await keepWithin(task.within, task.bound, task.file));
  return isKept ? outcome : { kind: 'full' };
}

/** Takes only the time that nobody else wants. Linux keeps a priority for each thread; those that come later take that of their maker. */
function waitForOthers(): void {
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [process.pid];
  for (const thread of threads) setPriority(thread, constants.priority.PRIORITY_LOW);
}

function endWhenTooLarge(): void {
  if (process.memoryUsage.rss() <= MOST_MEMORY_BYTES) return;
  answer({ kind: 'failed', why: `it takes more than ${MOST_MEMORY_BYTES / 1e6} megabytes of memory` });
  process.disconnect();
  process.exit(1);
}

function answer(message: PyramidAnswer): void {
  if (process.connected) process.send?.(message);
}
