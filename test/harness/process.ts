import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface VitrineProcess {
  readonly base: string;
  readonly pid: number;
  /** Everything that it wrote so far. */
  output(): string;
  /** Whether the process still runs. */
  alive(): boolean;
  /** The most memory that it ever held, in bytes; null where the system does not tell. */
  peakMemory(): Promise<number | null>;
  stop(): Promise<number | null>;
}

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const START_SECONDS = 150;

/** The program itself, as a person starts it, on a free port of its own; `serve` as one process, unless asked for more. */
export async function startVitrineProcess(command: 'serve' | 'demo', args: readonly string[]): Promise<VitrineProcess> {
  const port = await freePort();
  const child = spawnVitrine(command, args, port);
  let written = '';
  child.stdout.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  const alive = () => child.exitCode === null && child.signalCode === null;
  const scheme = args.includes('adhoc') ? 'https' : 'http';
  const base = `${scheme}://localhost:${port}`;
  await untilLive(base, alive, () => written);
  return {
    base,
    pid: child.pid ?? 0,
    output: () => written,
    alive,
    peakMemory: () => peakMemory(child),
    stop: () => stop(child, alive),
  };
}

/** The same, without waiting for it to answer. */
export function spawnVitrine(command: 'serve' | 'demo', args: readonly string[], port: number) {
  const workers = command === 'serve' && !args.includes('--workers') ? ['--workers', '1'] : [];
  return spawn(process.execPath, [MAIN, command, '--port', String(port), ...workers, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function untilLive(base: string, alive: () => boolean, output: () => string): Promise<void> {
  const end = Date.now() + START_SECONDS * 1000;
  while (alive() && Date.now() < end) {
    const response = await fetch(`${base}/livez`).catch(() => null);
    if (response?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Vitrine did not answer. It wrote:\n${output()}`);
}

async function peakMemory(child: ChildProcess): Promise<number | null> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

async function stop(child: ChildProcess, alive: () => boolean): Promise<number | null> {
  if (alive()) {
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await new Promise((resolve) => child.once('exit', resolve));
    clearTimeout(impatience);
  }
  return child.exitCode;
}

/** Below the range from which the system lends ports, so that nothing takes it in between. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
  throw new Error('There is no free port between 20000 and 32000.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
