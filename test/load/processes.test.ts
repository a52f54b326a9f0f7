import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { cpuSecondsOf } from '../../bench/processes.ts';

const ended: Array<() => void> = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** Works for a while in a thread of its own, which ends; says so, and stays. */
const THREAD_THAT_ENDS = `
  const { Worker } = require('node:worker_threads');
  const worker = new Worker('const end = Date.now() + 700; while (Date.now() < end);', { eval: true });
  worker.on('online', () => console.log('online'));
  worker.on('exit', () => console.log('ended'));
  setInterval(() => {}, 1000);
`;

it('the processor time of a process has that of threads that ended', async () => {
  const child = spawn(process.execPath, ['-e', THREAD_THAT_ENDS], { stdio: ['ignore', 'pipe', 'inherit'] });
  ended.push(() => child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  await once(child.stdout, 'data');
  const before = await cpuSecondsOf([pid]);
  await once(child.stdout, 'data');
  expect((await cpuSecondsOf([pid])) - before).toBeGreaterThan(0.1);
});
