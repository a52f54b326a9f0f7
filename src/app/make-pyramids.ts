import { describeSource } from '../adapters/imaging/describe-source.ts';
import { lendSource } from '../adapters/imaging/pyramid/lend-source.ts';
import { createPyramidProcess, type PyramidProcess } from '../adapters/imaging/pyramid/pyramid-process.ts';
import type { PyramidOutcome } from '../adapters/imaging/pyramid/pyramid-task.ts';
import type { Options } from '../config/options.ts';
import { type Item, pageOf } from '../domain/item.ts';
import type { RemoteFiles } from '../domain/ports.ts';
import { Failure } from '../lib/problems.ts';
import type { FoundSource } from './find-sources.ts';
import { imagingOptions } from './from-options.ts';
import type { PyramidPlaces } from './pyramid-places.ts';

export type PageOutcome = PyramidOutcome | { readonly kind: 'there' };

export interface PyramidRun {
  readonly options: Options;
  readonly sources: readonly FoundSource[];
  /** Brings sources here that are not on this machine. */
  readonly remote: RemoteFiles | null;
  readonly places: PyramidPlaces;
  /** How many are made at the same time, each in a process of its own. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** How much of a file is done, 0 to 1. */
  onProgress(source: FoundSource, share: number): void;
  onPage(source: FoundSource, page: number, outcome: PageOutcome): void;
  onFile(source: FoundSource): void;
}

/** One part of a giant may take this long. */
const PART_SECONDS = 3_600;

/** Makes pyramids of many files. What is there already is not made again, so that a run can be repeated. Stops where there is no room for more. */
export async function makePyramids(run: PyramidRun): Promise<void> {
  const full = new AbortController();
  const signal = AbortSignal.any([run.signal, full.signal]);
  const queue = run.sources.values();
  const makers = Array.from({ length: Math.min(run.parallel, run.sources.length) }, async () => {
    const maker = createPyramidProcess();
    const stop = () => void maker.close();
    run.signal.addEventListener('abort', stop);
    for (const source of queue) {
      if (signal.aborted) break;
      if (await makeFile(source, maker, { ...run, signal })) full.abort();
    }
    run.signal.removeEventListener('abort', stop);
    await maker.close();
  });
  await Promise.all(makers);
}

/** All pages of a file. Answers whether there is no room for more. */
async function makeFile(source: FoundSource, maker: PyramidProcess, run: PyramidRun): Promise<boolean> {
  const found = await source.items.find(source.path);
  const pages = found === null ? 'it is not there any more' : await countPages(found, run);
  if (found === null || typeof pages === 'string') {
    run.onPage(source, 1, { kind: 'failed', why: String(pages) });
    run.onFile(source);
    return false;
  }
  for (let page = 1; page <= pages; page++) {
    const onProgress = (share: number) => run.onProgress(source, (page - 1 + share) / pages);
    const outcome = await makePage(pageOf(found, page), maker, run, onProgress);
    if (run.signal.aborted) return false;
    run.onPage(source, page, outcome);
    if (outcome.kind === 'full') return true;
  }
  run.onFile(source);
  return false;
}

async function makePage(
  item: Item,
  maker: PyramidProcess,
  { options, places, remote }: PyramidRun,
  onProgress: (share: number) => void,
): Promise<PageOutcome> {
  const place = await places.placeOf(item);
  if (typeof place === 'string') return { kind: 'failed', why: place };
  if (await places.isThere(item, place)) return { kind: 'there' };
  const imaging = { ...imagingOptions(options), timeLimitSeconds: PART_SECONDS };
  const coding = { quality: options.pyramidQuality, subsampling: options.pyramidSubsampling };
  const task = { ...place, options: imaging, coding, inLeftTime: false };
  try {
    return await lendSource(item, remote, (near) => maker.make({ ...task, item: near }, onProgress));
  } catch (error) {
    return { kind: 'failed', why: sentenceOf(error) };
  }
}

/** A sentence where it cannot be read. Only TIFF has pages. */
async function countPages(item: Item, { options, remote }: PyramidRun): Promise<number | string> {
  if (item.mediaType !== 'image/tiff') return 1;
  try {
    return (await describeSource(item, imagingOptions(options), remote)).description.pages;
  } catch (error) {
    return sentenceOf(error);
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Failure ? error.refusal.detail : String(error);
}
