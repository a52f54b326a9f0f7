import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

export interface Program {
  readonly pid: number;
  /** Everything that it wrote so far. */
  output(): string;
  alive(): boolean;
  /** Null while it runs, and where a signal ended it. */
  exitCode(): number | null;
  /** Ends it and all that it started. */
  stop(): Promise<void>;
}

export interface ProgramRequest {
  readonly command: string;
  readonly args: readonly string[];
  /** A list of cores for taskset. */
  readonly cores: string;
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const PATIENCE_MILLISECONDS = 10_000;
const POLL_MILLISECONDS = 10;
const MOST_OUTPUT = 20_000;

/** Process groups that were started here and not stopped yet. */
const groups = new Set<number>();

/** Starts a program on some cores, in a process group of its own, so that what it starts ends with it. */
export function startProgram({ command, args, cores, folder, environment }: ProgramRequest): Program {
  const child = spawn('taskset', ['-c', cores, command, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: { ...process.env, ...environment },
  });
  const group = child.pid;
  if (group === undefined) throw new Error('taskset could not be started.');
  groups.add(group);
  let written = '';
  const keep = (chunk: Buffer) => {
    written = (written + chunk.toString()).slice(-MOST_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return {
    pid: group,
    output: () => written,
    alive: () => child.exitCode === null && child.signalCode === null,
    exitCode: () => child.exitCode,
    stop: () => stopGroup(group),
  };
}

async function stopGroup(group: number): Promise<void> {
  signalGroup(group, 'SIGTERM');
  // What is left in the end is dead, and its parent has not noticed.
  for (const signal of ['SIGKILL', 0] as const) {
    const end = Date.now() + PATIENCE_MILLISECONDS;
    while (Date.now() < end && signalGroup(group, 0)) await setTimeout(POLL_MILLISECONDS);
    signalGroup(group, signal);
  }
  groups.delete(group);
}

/** Whether anybody of the group is still there. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

/** For an end without patience: kills whatever still runs of what was started here. */
export function killAll(): void {
  for (const group of groups) signalGroup(group, 'SIGKILL');
  groups.clear();
}

/** Waits until an address answers at all. @throws when the program ends before, or after half a minute. */
export async function untilAnswered(url: string, program: Program, label: string): Promise<void> {
  const end = Date.now() + 30_000;
  while (program.alive() && Date.now() < end) {
    const answer = await fetch(url, { redirect: 'manual' }).catch(() => null);
    await answer?.arrayBuffer().catch(() => null);
    if (answer !== null) return;
    await setTimeout(POLL_MILLISECONDS);
  }
  throw new Error(`${label} did not answer. It wrote:\n${program.output()}`);
}
