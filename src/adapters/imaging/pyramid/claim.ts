import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { hasEnded, markThisProcess } from './process-mark.ts';

/** Whoever holds a claim, or works in a folder, touches it so often. */
export const TOUCH_SECONDS = 10;
/** What was not touched for so long was left behind. */
const GONE_SECONDS = 60;

const WAIT_MILLISECONDS = 500;

/** Waits for one of so many places, each a file, among all processes that use a folder. What gives it back; null where `signal` ends the wait. */
export async function claimOneOf(name: string, places: number, signal: AbortSignal): Promise<(() => Promise<void>) | null> {
  while (!signal.aborted) {
    for (let place = 0; place < places; place++) {
      const release = await claim(`${name}-${place}`);
      if (release !== null) return release;
    }
    await wait(WAIT_MILLISECONDS, undefined, { signal }).catch(ignore);
  }
  return null;
}

/** Null where somebody else has it. */
async function claim(file: string): Promise<(() => Promise<void>) | null> {
  const text = await newClaim();
  if (!(await create(file, text)) && !(await takeOver(file, text))) return null;
  const touching = setInterval(() => void touch(file), TOUCH_SECONDS * 1000).unref();
  return async () => {
    clearInterval(touching);
    await rm(file, { force: true });
  };
}

/** Unlike any other: a line that is unique, and one that says whose it is, where that can be said. */
async function newClaim(): Promise<string> {
  return `${randomUUID()}\n${(await markThisProcess()) ?? ''}\n`;
}

async function create(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(text).finally(() => handle.close());
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Puts a claim in the place of that of a process that has ended. Only one at a time may do so, and looks again then: somebody may have been faster. */
async function takeOver(file: string, text: string): Promise<boolean> {
  const left = await readFile(file, 'utf8').catch(() => null);
  if (left === null || !(await isLeft(file, left))) return false;
  const taking = `${file}-taking`;
  if (!(await create(taking, text))) {
    if (await isLeftBehind(taking)) await rm(taking, { force: true });
    return false;
  }
  if ((await readFile(file, 'utf8').catch(() => null)) === left) {
    await rename(taking, file);
    return true;
  }
  await rm(taking, { force: true });
  return false;
}

async function isLeft(file: string, text: string): Promise<boolean> {
  const [, mark = ''] = text.split('\n');
  return (await hasEnded(mark)) || (await isLeftBehind(file));
}

/** Whether nobody has touched a file or folder for so long that its owner must be gone. */
export async function isLeftBehind(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => null);
  return stats === null || Date.now() - stats.mtimeMs > GONE_SECONDS * 1000;
}

export async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(ignore);
}

function ignore(): void {}
