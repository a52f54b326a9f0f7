import { readdir, readFile } from 'node:fs/promises';

/** Processes that this one has started, without those that they have started. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  return (await readParents()).filter(({ parent }) => parent === pid).map((each) => each.pid);
}

/** Processes that this one has started, and those that they have started. */
export async function descendantsOf(pid: number): Promise<readonly number[]> {
  const all = await readParents();
  const found = [pid];
  for (const each of found) found.push(...all.filter(({ parent }) => parent === each).map((child) => child.pid));
  return found.slice(1);
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function readParents(): Promise<ReadonlyArray<{ readonly pid: number; readonly parent: number }>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const read = pids.map(async (pid) => {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name, in brackets, may hold anything.
    return { pid, parent: Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1] ?? 0) };
  });
  return Promise.all(read);
}
