import { fork } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure, refuse } from '../../lib/problems.ts';
import { SAMPLES, SAMPLES_VERSION, type Sample, type SampleFile } from './sample-list.ts';
import { PART_SUFFIX, type SampleAnswer, type SampleOrder } from './sample-order.ts';

export interface SampleReport {
  /** Where the samples are, absolute. */
  readonly folder: string;
  /** How many pictures this run drew; 0 when all were there. */
  readonly made: number;
  readonly milliseconds: number;
}

const MARKER = '.complete';
const UNFINISHED_SUFFIX = '.unfinished';
/** More would not fit into the memory of a small machine: the largest picture holds 250 MB while it is drawn. */
const MOST_WORKERS = 2;

/**
 * Makes the sample collection in `folder`, which is complete or absent: pictures grow in a folder beside it, which a later
 * run continues, and which gets its name at the end.
 */
export async function makeSamples(folder: string, onProgress: (done: number, total: number, label: string) => void): Promise<SampleReport> {
  const started = performance.now();
  const target = resolve(folder);
  const report = (made: number): SampleReport => ({
    folder: target,
    made,
    milliseconds: Math.round(performance.now() - started),
  });
  await mkdir(dirname(target), { recursive: true });
  if ((await readMarker(target)) === String(SAMPLES_VERSION)) {
    return report(0);
  }
  await refuseForeignFolder(target);
  const unfinished = await openUnfinished(`${target}${UNFINISHED_SUFFIX}`);
  const missing = await findMissing(unfinished);
  const label = new Map<string, string>(SAMPLES.map(({ file, title }) => [file, title]));
  let done = SAMPLES.length - missing.length;
  onProgress(done, SAMPLES.length, '');
  await drawAll(missing, unfinished, (file) => {
    done += 1;
    onProgress(done, SAMPLES.length, label.get(file) ?? file);
  });
  await rm(target, { recursive: true, force: true });
  await rename(unfinished, target);
  return report(missing.length);
}

async function readMarker(folder: string): Promise<string | null> {
  try {
    return (await readFile(join(folder, MARKER), 'utf8')).trim();
  } catch {
    return null;
  }
}

/** An older collection of ours is replaced; anybody else's files are not. */
async function refuseForeignFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  if (names.length > 0 && (await readMarker(folder)) === null) {
    throw new Failure(
      refuse('server.error', 'The sample collection could not be made.'),
      `${folder} holds files that are not the sample collection; name another data folder, or empty it.`,
    );
  }
}

/** The folder of an interrupted run of the same version, or a new one. Its marker says which version grows there. */
async function openUnfinished(folder: string): Promise<string> {
  if ((await readMarker(folder)) !== String(SAMPLES_VERSION)) {
    await rm(folder, { recursive: true, force: true });
  }
  for (const { file } of SAMPLES) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
  }
  for (const name of await readdir(folder, { recursive: true })) {
    if (name.endsWith(PART_SUFFIX)) {
      await rm(join(folder, name), { force: true });
    }
  }
  await writeFile(join(folder, MARKER), `${SAMPLES_VERSION}\n`);
  return folder;
}

async function findMissing(folder: string): Promise<SampleFile[]> {
  const missing: Sample[] = [];
  for (const sample of SAMPLES) {
    const there = await stat(join(folder, sample.file)).catch(() => null);
    if (there === null) {
      missing.push(sample);
    }
  }
  return missing.sort((a, b) => effort(b) - effort(a)).map(({ file }) => file as SampleFile);
}

/** Pixels, roughly; JPEG 2000 takes several times as long as the others. The longest go first, so that no worker waits at the end. */
function effort({ file, width, height, pages }: Sample): number {
  return width * height * pages * (file.endsWith('.jp2') ? 5 : 1);
}

async function drawAll(files: readonly SampleFile[], folder: string, onDone: (file: SampleFile) => void): Promise<void> {
  const queue = [...files];
  const count = Math.min(MOST_WORKERS, availableParallelism(), queue.length);
  await Promise.all(Array.from({ length: count }, () => drawWithOneWorker(queue, folder, onDone)));
}

/** A process of its own, not a thread: its hundreds of megabytes go back to the system before anything is served. */
function drawWithOneWorker(queue: SampleFile[], folder: string, onDone: (file: SampleFile) => void): Promise<void> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = fork(fileURLToPath(new URL(`./sample-worker.${extension}`, import.meta.url)), { execArgv: [] });
  return new Promise<void>((done, fail) => {
    const next = (): void => {
      const file = queue.shift();
      if (file === undefined) {
        worker.disconnect();
        return;
      }
      worker.send({ file, target: join(folder, file) } satisfies SampleOrder);
    };
    const stop = (cause: string): void => {
      queue.length = 0;
      worker.kill();
      fail(new Failure(refuse('server.error', 'The sample collection could not be made.'), `A sample could not be drawn: ${cause}`));
    };
    worker.on('message', (answer: SampleAnswer) => {
      if (answer.problem !== null) {
        stop(`${answer.file}: ${answer.problem}`);
        return;
      }
      onDone(answer.file);
      next();
    });
    worker.on('error', (cause) => stop(String(cause)));
    worker.on('exit', (code, signal) => (code === 0 ? done() : stop(`the process ended with ${signal ?? code}`)));
    next();
  });
}
