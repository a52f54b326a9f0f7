import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

/** A program of the machine, which ends with the test. */
export interface TestProgram {
  readonly pid: number;
  /** Everything that it wrote so far. */
  output(): string;
  alive(): boolean;
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

const START_SECONDS = 30;

export function startTestProgram(
  command: string,
  args: readonly string[],
  { environment = {}, folder }: { readonly environment?: Readonly<Record<string, string>>; readonly folder?: string } = {},
): TestProgram {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder, env: { ...process.env, ...environment } });
  let written = '';
  const keep = (chunk: Buffer) => {
    written += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.once('error', (error) => keep(Buffer.from(String(error))));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const alive = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid ?? 0,
    output: () => written,
    alive,
    signal: (name) => void child.kill(name),
    async stop() {
      if (alive()) child.kill('SIGTERM');
      const impatience = new AbortController();
      void setTimeout(10_000, null, { signal: impatience.signal }).then(
        () => child.kill('SIGKILL'),
        () => {},
      );
      await ended;
      impatience.abort();
    },
  };
}

/** Waits until it is so. @throws with what the program wrote, where it ends before, or takes too long. */
export async function untilReady(program: TestProgram, isReady: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + START_SECONDS * 1000;
  while (program.alive() && Date.now() < end) {
    if (await isReady()) return;
    await setTimeout(20);
  }
  throw new Error(`The program did not start. It wrote:\n${program.output()}`);
}

/** Whether anything at all answers there. */
export async function answers(url: string): Promise<boolean> {
  const answer = await fetch(url, { redirect: 'manual' }).catch(() => null);
  await answer?.arrayBuffer().catch(() => null);
  return answer !== null;
}
