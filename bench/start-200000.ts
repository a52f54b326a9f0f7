/** Does a large folder make the start, or the first look at it, slower? See README.md. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../test/harness/process.ts';

const FOLDERS = 100;
const FILES_PER_FOLDER = 2_000;
const ROUNDS = 5;
const POLL_MILLISECONDS = 5;
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** One grey pixel, so that a listing has real pictures to describe. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64');

interface Start {
  readonly live: number;
  readonly firstPage: number;
  readonly secondPage: number;
}

const work = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
try {
  const [few, tree, flat] = [join(work, 'few'), join(work, 'tree'), join(work, 'flat')];
  console.log(`making ${(FOLDERS * FILES_PER_FOLDER).toLocaleString('en')} files …`);
  await makeFiles(few, 1, 48);
  await makeFiles(tree, FOLDERS, FILES_PER_FOLDER);
  await compare(`${FOLDERS} folders of ${FILES_PER_FOLDER} files`, { few, many: tree }, '/browse/folder-1');
  await flatten(tree, join(flat, 'folder-1'));
  await compare('one folder with all the files', { few, many: flat }, '/browse/folder-1');
} finally {
  await rm(work, { recursive: true });
}

async function makeFiles(root: string, folders: number, filesPerFolder: number): Promise<void> {
  for (let folder = 1; folder <= folders; folder += 1) {
    const path = join(root, `folder-${folder}`);
    await mkdir(path, { recursive: true });
    for (let start = 1; start <= filesPerFolder; start += 500) {
      const end = Math.min(start + 500, filesPerFolder + 1);
      const names = Array.from({ length: end - start }, (_, index) => `page ${start + index}.png`);
      await Promise.all(names.map((name) => writeFile(join(path, name), PNG)));
    }
  }
}

async function flatten(tree: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let part = 1; part <= FOLDERS; part += 1) {
    for (let file = 1; file <= FILES_PER_FOLDER; file += 1) {
      await rename(join(tree, `folder-${part}`, `page ${file}.png`), join(folder, `volume ${part} page ${file}.png`));
    }
  }
}

/** In turns, so that whatever else the machine does falls on both. The first start of each warms the disk and does not count. */
async function compare(what: string, folders: { few: string; many: string }, page: string): Promise<void> {
  const few: Start[] = [];
  const many: Start[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const starts = [await start(folders.few, page), await start(folders.many, page)] as const;
    if (round === 0) continue;
    few.push(starts[0]);
    many.push(starts[1]);
  }
  console.log(`\n${what}, against one folder of 48 files (medians of ${ROUNDS} starts):`);
  for (const [name, key] of [
    ['start to /livez', 'live'],
    ['first page', 'firstPage'],
    ['same page again', 'secondPage'],
  ] as const) {
    const [a, b] = [median(few.map((one) => one[key])), median(many.map((one) => one[key]))];
    console.log(`  ${name.padEnd(16)} ${b.toFixed(0).padStart(6)} ms against ${a.toFixed(0).padStart(6)} ms   ratio ${(b / a).toFixed(2)}`);
  }
}

async function start(images: string, page: string): Promise<Start> {
  const data = await mkdtemp(join(work, 'data-'));
  const base = `http://localhost:${await freePort()}`;
  const begin = performance.now();
  const child = spawn(process.execPath, [MAIN, 'serve', '--images', images, '--data', data, '--port', new URL(base).port], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, VITRINE_LOG_LEVEL: 'error' },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    while (!(await answers(`${base}/livez`))) {
      if (child.exitCode !== null) throw new Error('the server ended before it answered');
      await setTimeout(POLL_MILLISECONDS);
    }
    const live = performance.now() - begin;
    return { live, firstPage: await timeOf(`${base}${page}`), secondPage: await timeOf(`${base}${page}`) };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => null);
  await response?.arrayBuffer();
  return response?.status === 200;
}

async function timeOf(url: string): Promise<number> {
  const begin = performance.now();
  if (!(await answers(url))) throw new Error(`${new URL(url).pathname} did not answer`);
  return performance.now() - begin;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
