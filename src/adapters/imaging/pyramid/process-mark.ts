/** Tells a process from all others that this machine has, had or will have: Linux only, by what it says in /proc. */
import { readFile, readlink } from 'node:fs/promises';

/** Before the number that a new start of the machine changes, and the name of the space in which process ids count. */
interface Place {
  readonly boot: string;
  readonly space: string;
}

interface ProcessMark extends Place {
  readonly pid: number;
  /** In ticks since the machine was started: a pid is given again, and then at another time. */
  readonly startedAt: string;
}

/** Null where the system does not say it. */
export async function markThisProcess(): Promise<string | null> {
  const [place, startedAt] = await Promise.all([readPlace(), readStart(process.pid)]);
  if (place === null || startedAt === null) return null;
  const mark: ProcessMark = { ...place, pid: process.pid, startedAt };
  return JSON.stringify(mark);
}

/** Whether a marked process of this machine has ended; false for what cannot be told from here, as of other machines and containers. */
export async function hasEnded(mark: string): Promise<boolean> {
  const of = parseMark(mark);
  const here = await readPlace();
  if (of === null || here === null || of.boot !== here.boot || of.space !== here.space) return false;
  return (await readStart(of.pid)) !== of.startedAt;
}

async function readPlace(): Promise<Place | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1');
    return { boot: boot.trim(), space: await readlink('/proc/self/ns/pid') };
  } catch {
    return null;
  }
}

/** The state and the 22nd field of proc_pid_stat(5); the second, a name in brackets, may hold anything. */
async function readStart(pid: number): Promise<string | null> {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  const [state, ...fields] = line?.slice(line.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined || ENDED.has(state) ? null : (fields[18] ?? null);
}

/** Zombies, of which nobody has taken the exit code, and what is being removed. */
const ENDED: ReadonlySet<string> = new Set(['Z', 'X', 'x']);

function parseMark(text: string): ProcessMark | null {
  try {
    const { boot, space, pid, startedAt } = JSON.parse(text) as Readonly<Record<keyof ProcessMark, unknown>>;
    if (typeof boot !== 'string' || typeof space !== 'string' || typeof startedAt !== 'string') return null;
    return Number.isSafeInteger(pid) ? { boot, space, pid: Number(pid), startedAt } : null;
  } catch {
    return null;
  }
}
