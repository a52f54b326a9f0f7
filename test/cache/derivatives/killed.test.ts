import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, DISK_BYTES, KEYS, keyOf } from './numbered.ts';
import { openDisk } from './open-disk.ts';

const WRITER = fileURLToPath(new URL('./keep-writing.ts', import.meta.url));

let folder: string;
let children: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-killed-'));
  children = [];
});
afterEach(async () => {
  await killAll();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

interface Writer {
  readonly process: ChildProcess;
  /** The last number that it said. */
  last(): number;
  err(): string;
}

function startWriter(from: number): Writer {
  const child = spawn(process.execPath, [WRITER, folder, String(from)], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return { process: child, last: () => Number(out.trim().split('\n').at(-1)), err: () => err };
}

async function killAll(): Promise<void> {
  for (const child of children) child.kill('SIGKILL');
  for (const child of children) if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
}

async function untilItWrites(writer: Writer, from: number): Promise<void> {
  while (!(writer.last() > from)) {
    if (writer.process.exitCode !== null) throw new Error(writer.err());
    await wait(5);
  }
}

/** Which number a derivative of such a key can be. */
function numbersOf(key: number, most: number): readonly number[] {
  return Array.from({ length: Math.ceil(most / KEYS) + 1 }, (_, i) => key + KEYS * i);
}

describe('a cache whose writers were killed', () => {
  it('gives out what is whole and nothing else, and tidies up', async () => {
    let from = 0;
    for (let round = 0; round < 4; round += 1) {
      // Other numbers at the same keys, by two at a time.
      const writers = [startWriter(from), startWriter(from + KEYS)];
      for (const [at, writer] of writers.entries()) await untilItWrites(writer, from + KEYS * at);
      await wait(7 * round);
      await killAll();
      expect(writers.map((writer) => writer.err())).toEqual(['', '']);
      from = Math.max(...writers.map((writer) => writer.last())) + 20;

      const failures: unknown[] = [];
      const onFailure = (error: unknown): void => void failures.push(error);
      const derivatives = openDisk(folder, onFailure);
      let whole = 0;
      for (let n = 0; n < KEYS; n += 1) {
        const found = await derivatives.get(keyOf(n));
        if (found === null) continue;
        whole += 1;
        expect(numbersOf(n, from + 1_000).some((number) => Buffer.compare(bytesOf(number), found) === 0)).toBe(true);
      }
      expect(whole).toBeGreaterThan(0);
      expect(failures).toEqual([]);
      await derivatives.close();
    }
    await tidiesUp();
  });

  async function tidiesUp(): Promise<void> {
    const anHourAgo = new Date(Date.now() - 3_600_000);
    const all = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const entry of all) if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), anHourAgo, anHourAgo);
    const onFailure = (error: unknown): never => expect.unreachable(String(error));
    const derivatives = openDisk(folder, onFailure);
    const { disk } = await derivatives.stats();
    await derivatives.close();
    expect(disk.bytes).toBeLessThanOrEqual(DISK_BYTES);
    const left = await readdir(folder, { recursive: true });
    expect(left.filter((name) => name.includes('new-'))).toEqual([]);
  }
});
