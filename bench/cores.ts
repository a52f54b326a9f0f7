import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Numbers of cores, as taskset has them. */
export interface Cores {
  readonly server: number;
  readonly load: number;
}

/** One core for the server and another for the load. @throws where there is only one. */
export async function chooseCores(): Promise<Cores> {
  const status = await readFile('/proc/self/status', 'utf8');
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  const [server, load] = list.split(',').flatMap(coresOfRange);
  if (server === undefined || load === undefined) throw new Error('The bench needs two cores: one for the server, one for the load.');
  return { server, load };
}

function coresOfRange(range: string): readonly number[] {
  const [first = 0, last = first] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** From now on this process, and what it starts without a core of its own, stays off the server's core. */
export async function stayOn(core: number): Promise<void> {
  await run('taskset', ['-a', '-c', '-p', String(core), String(process.pid)]);
}
