import { open, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

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
  if (!(await create(file))) {
    if (!(await isLeftBehind(file))) return null;
    await rm(file, { force: true });
    if (!(await create(file))) return null;
  }
  const touching = setInterval(() => void touch(file), TOUCH_SECONDS * 1000).unref();
  return async () => {
    clearInterval(touching);
    await rm(file, { force: true });
  };
}

async function create(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
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
