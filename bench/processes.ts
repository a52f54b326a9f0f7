import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** Of Linux, and the same on all its machines: `getconf CLK_TCK`. */
const TICKS_PER_SECOND = 100;

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** To hundredths. The scheduler's own figures are finer, and lack threads that ended. */
  readonly cpuSeconds: number;
}

/** Seconds of CPU that these processes and all their descendants have used, with all of their threads and children that ended. */
export async function cpuSecondsOf(roots: readonly number[]): Promise<number> {
  return (await treeOf(roots)).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

const REST_MILLISECONDS = 500;
/** Of a processor. */
const REST_SHARE = 0.05;
const MOST_WAITS = 40;

/** Waits, for some seconds at most, until these processes do hardly anything any more: what a server still does after its start is no part of a request. */
export async function untilAtRest(roots: readonly number[]): Promise<void> {
  for (let waits = 0; waits < MOST_WAITS; waits += 1) {
    const before = await cpuSecondsOf(roots);
    await wait(REST_MILLISECONDS);
    if ((await cpuSecondsOf(roots)) - before < (REST_SHARE * REST_MILLISECONDS) / 1000) return;
  }
}

/** The sum of the most memory that each of these processes and their descendants ever held, in megabytes. */
export async function peakMegabytesOf(roots: readonly number[]): Promise<number> {
  const all = await treeOf(roots);
  const statuses = await Promise.all(all.map(({ pid }) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')));
  const kilobytes = statuses.map((status) => Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0));
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1000;
}

async function treeOf(roots: readonly number[]): Promise<readonly ProcessFacts[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const facts = (await Promise.all(pids.map(readFacts))).filter((each) => each !== null);
  const tree = facts.filter(({ pid }) => roots.includes(pid));
  for (const { pid } of tree) tree.push(...facts.filter(({ parent }) => parent === pid));
  return tree;
}

async function readFacts(pid: number): Promise<ProcessFacts | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name, in brackets, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const at = (field: number) => Number(fields[field - 3]);
  return { pid, parent: at(4), cpuSeconds: (at(14) + at(15) + at(16) + at(17)) / TICKS_PER_SECOND };
}
