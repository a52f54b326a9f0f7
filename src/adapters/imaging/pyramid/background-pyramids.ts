import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { isPurged, type Purge } from '../../../domain/derivative.ts';
import type { Item, Source } from '../../../domain/item.ts';
import type { RemoteFiles } from '../../../domain/ports.ts';
import type { ImagingOptions } from '../imaging-options.ts';
import { pathInKey, sourceKey } from '../source-key.ts';
import { claimOneOf } from './claim.ts';
import { lendSource } from './lend-source.ts';
import { createPyramidProcess, type PyramidProcess } from './pyramid-process.ts';
import { createPyramidStore, type PyramidRecipe } from './pyramid-store.ts';
import { removeUnfinished } from './tidy-pyramids.ts';

/** Pyramids beside the sources: read where there are some, and made where somebody would have needed one. */
export interface Pyramids {
  find(item: Item): Promise<Source | null>;
  /** What `find` found lately; undefined where it has to look. */
  recall(item: Item): Source | null | undefined;
  /** The pixels of a source were needed, and it has no pyramid. Who is asked for last comes first. */
  want(item: Item): void;
  /** It could not be read: it is removed, and made again when it is needed. */
  drop(item: Item, why: unknown): void;
  /** Of whatever versions, those that are being made too. Tells how many went. */
  purge(purge: Purge): Promise<number>;
  close(): Promise<void>;
}

export interface PyramidOptions {
  readonly folder: string;
  readonly recipe: PyramidRecipe;
  readonly maxBytes: number;
  /** How many are made at the same time, by all processes that use the folder; 0 makes none. */
  readonly atOnce: number;
  readonly imaging: ImagingOptions;
  /** Brings sources here that are not on this machine. */
  readonly remote: RemoteFiles | null;
  onMade(item: Item): void;
  onFailure(item: Item, why: unknown): void;
}

/** More than are made in a day. */
const MOST_WAITING = 1_000;
const MOST_FAILED = 10_000;
/** After this, one that could not be made is tried again: the disk may have room by then. */
const FAILED_MILLISECONDS = 3_600_000;
/** No decoder of a source works longer on one part. */
const PART_SECONDS = 600;

export function createPyramids(options: PyramidOptions): Pyramids {
  const { folder, recipe, maxBytes, atOnce, remote, onMade, onFailure } = options;
  const imaging: ImagingOptions = { ...options.imaging, timeLimitSeconds: PART_SECONDS };
  const store = createPyramidStore(folder, recipe);
  const waiting = new Map<string, Item>();
  const making = new Set<string>();
  /** Of those: they are not wanted any more. */
  const purged = new Set<string>();
  const failed = new LRUCache<string, true>({ max: MOST_FAILED, ttl: FAILED_MILLISECONDS });
  const processes = Array.from({ length: atOnce }, () => createPyramidProcess());
  const resting = [...processes];
  const working = new Set<Promise<void>>();
  const stop = new AbortController();
  const ready = mkdir(folder, { recursive: true, mode: 0o700 }).then(() => removeUnfinished(folder));
  ready.catch(() => undefined);

  function begin(): void {
    if (stop.signal.aborted || waiting.size === 0) return;
    const maker = resting.pop();
    if (maker === undefined) return;
    const work = makeAll(maker).catch(giveUpWaiting);
    working.add(work);
    void work.then(() => {
      working.delete(work);
      resting.push(maker);
      begin();
    });
  }

  /** One after the other, each in a turn of its own among all processes that use the folder. */
  async function makeAll(maker: PyramidProcess): Promise<void> {
    await ready;
    while (waiting.size > 0 && !stop.signal.aborted) {
      const release = await claimOneOf(join(folder, '.maker'), atOnce, stop.signal);
      if (release === null) return;
      try {
        await makeNewest(maker);
      } finally {
        await release();
      }
    }
  }

  async function makeNewest(maker: PyramidProcess): Promise<void> {
    const [key, item] = [...waiting].at(-1) ?? [];
    if (key === undefined || item === undefined) return;
    waiting.delete(key);
    making.add(key);
    try {
      await make(maker, key, item);
    } catch (error) {
      failed.set(key, true);
      if (!stop.signal.aborted) onFailure(item, error);
    } finally {
      making.delete(key);
      purged.delete(key);
    }
  }

  async function make(maker: PyramidProcess, key: string, item: Item): Promise<void> {
    // Another process may have been faster.
    store.look(key);
    if ((await store.find(key)) !== null) return;
    const file = await store.prepare(key);
    const bound = { maxBytes, unusedSince: Number.POSITIVE_INFINITY };
    const task = { options: imaging, coding: recipe, file, within: folder, bound, always: false, inLeftTime: true };
    const outcome = await lendSource(item, remote, (near) => maker.make({ ...task, item: near }));
    if (outcome.kind === 'failed') throw new Error(outcome.why);
    if (outcome.kind !== 'made') throw new Error('it is larger than the disk space for pyramids');
    if (purged.has(key)) return store.remove(key);
    store.look(key);
    onMade(item);
  }

  /** The folder cannot be used. */
  function giveUpWaiting(error: unknown): void {
    const [item] = waiting.values();
    for (const key of waiting.keys()) failed.set(key, true);
    waiting.clear();
    if (item !== undefined) onFailure(item, error);
  }

  return {
    async find(item) {
      const key = sourceKey(item);
      const source = await store.find(key);
      if (source !== null) store.noteUse(key, source);
      return source;
    },
    recall(item) {
      const key = sourceKey(item);
      const source = store.recall(key);
      if (source !== undefined && source !== null) store.noteUse(key, source);
      return source;
    },
    want(item) {
      const key = sourceKey(item);
      if (stop.signal.aborted || atOnce === 0 || making.has(key) || failed.has(key)) return;
      waiting.delete(key);
      waiting.set(key, item);
      const [oldest] = waiting.keys();
      if (waiting.size > MOST_WAITING && oldest !== undefined) waiting.delete(oldest);
      begin();
    },
    drop(item, why) {
      store.remove(sourceKey(item)).catch((error: unknown) => onFailure(item, error));
      onFailure(item, why);
    },
    purge(purge) {
      const isMeant = (key: string) => isPurged(purge, { item: pathInKey(key) });
      for (const key of [...waiting.keys()].filter(isMeant)) waiting.delete(key);
      for (const key of [...failed.keys()].filter(isMeant)) failed.delete(key);
      for (const key of [...making].filter(isMeant)) purged.add(key);
      return store.purge(purge);
    },
    async close() {
      stop.abort();
      waiting.clear();
      await Promise.all(processes.map((each) => each.close()));
      await Promise.all(working);
    },
  };
}
