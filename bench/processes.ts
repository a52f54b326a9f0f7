import { readdir, readFile } from 'node:fs/promises';

/** Of Linux, and the same on all its machines: `getconf CLK_TCK`. */
const TICKS_PER_SECOND = 100;

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** Of the process and of those of its children that ended. */
  readonly cpuSeconds: number;
}

/** Seconds of CPU that these processes and all their descendants have used. */
export async function cpuSecondsOf(roots: readonly number[]): Promise<number> {
  const all = await treeOf(roots);
  return all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** The sum of the most memory that each of these processes and their descendants ever held, in megabytes. */
export async function peakMegabytesOf(roots: readonly number[]): Promise<number> {
  return sumOfStatus(roots, /^VmHWM:\s+(\d+) kB$/m);
}

/** What they hold now, in megabytes. */
export async function megabytesOf(roots: readonly number[]): Promise<number> {
  return sumOfStatus(roots, /^VmRSS:\s+(\d+) kB$/m);
}

async function sumOfStatus(roots: readonly number[], line: RegExp): Promise<number> {
  const all = await treeOf(roots);
  const kilobytes = await Promise.all(
    all.map(async ({ pid }) => Number(line.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))?.[1] ?? 0)),
  );
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
