import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { cpuSecondsOf } from '../../bench/processes.ts';

const ended: Array<() => void> = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** Says that it is there; when it is told something, a thread of its own works for 0.3 s of processor time and ends. It says so, and stays. */
const THREAD_THAT_ENDS = `
  const { Worker } = require('node:worker_threads');
  const work = 'const used = () => { const { user, system } = process.cpuUsage(); return user + system; }; const end = used() + 300_000; while (used() < end);';
  process.stdin.once('data', () => new Worker(work, { eval: true }).on('exit', () => console.log('ended')));
  setInterval(() => {}, 1000);
  console.log('here');
`;

it('the processor time of a process has that of threads that ended', async () => {
  const child = spawn(process.execPath, ['-e', THREAD_THAT_ENDS], { stdio: ['pipe', 'pipe', 'inherit'] });
  ended.push(() => child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  await once(child.stdout, 'data');
  const before = await cpuSecondsOf([pid]);
  child.stdin.write('work');
  await once(child.stdout, 'data');
  expect((await cpuSecondsOf([pid])) - before).toBeGreaterThan(0.25);
});
