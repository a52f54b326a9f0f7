/** Runs in a process of its own: makes one pyramid after another. Started by `pyramid-process.ts`. */
import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { claim } from './claim.ts';
import { makePyramidOfSource } from './pyramid-of-source.ts';
import type { PyramidAnswer, PyramidTask } from './pyramid-task.ts';
import { keepWithin } from './tidy-pyramids.ts';

/** A source that needs more is given up: what can wait may not take the memory of what cannot. */
const MOST_MEMORY_BYTES = 1_500_000_000;
const WATCH_MILLISECONDS = 250;
const WAIT_MILLISECONDS = 500;

const stop = new AbortController();
process.on('disconnect', () => stop.abort());
process.on('message', (task: PyramidTask) => void perform(task).then(answer));

async function perform(task: PyramidTask): Promise<PyramidAnswer> {
  if (task.background !== null) waitForOthers();
  const watching = setInterval(endWhenTooLarge, WATCH_MILLISECONDS).unref();
  const release = task.background === null ? null : await claimPlace(task.within, task.background.atOnce);
  try {
    // Another process may have been faster.
    if (task.background !== null && (await exists(task.file))) return { kind: 'made', pixels: 0 };
    const pixels = await makePyramidOfSource({ ...task, onProgress: (share) => answer({ kind: 'progress', share }), signal: stop.signal });
    if (task.maxBytes !== null) await keepWithin(task.within, task.maxBytes, task.file);
    return { kind: 'made', pixels };
  } catch (error) {
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  } finally {
    clearInterval(watching);
    await release?.();
  }
}

/** A place among those who make pyramids in the background, in any process that uses the folder. */
async function claimPlace(folder: string, places: number): Promise<() => Promise<void>> {
  for (;;) {
    for (let place = 0; place < places; place++) {
      const release = await claim(join(folder, `.maker-${place}`));
      if (release !== null) return release;
    }
    await wait(WAIT_MILLISECONDS, undefined, { signal: stop.signal });
  }
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
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
