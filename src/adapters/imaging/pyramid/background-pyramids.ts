import { mkdir } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import type { Item, Source } from '../../../domain/item.ts';
import type { RemoteFiles } from '../../../domain/ports.ts';
import type { ImagingOptions } from '../imaging-options.ts';
import { borrowItem } from '../remote-bytes.ts';
import { createPyramidProcess, type PyramidProcess } from './pyramid-process.ts';
import { createPyramidStore, type PyramidRecipe } from './pyramid-store.ts';
import { removeUnfinished } from './tidy-pyramids.ts';

/** Pyramids beside the sources: read where there are some, and made where somebody would have needed one. */
export interface Pyramids {
  find(item: Item): Promise<Source | null>;
  /** The pixels of a source were needed, and it has no pyramid. Who is asked for last comes first. */
  want(item: Item): void;
  /** It could not be read: it is removed, and made again when it is needed. */
  drop(item: Item, why: unknown): void;
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
  const failed = new LRUCache<string, true>({ max: MOST_FAILED, ttl: FAILED_MILLISECONDS });
  const resting: PyramidProcess[] = Array.from({ length: atOnce }, () => createPyramidProcess());
  const processes = [...resting];
  const ready = mkdir(folder, { recursive: true, mode: 0o700 }).then(() => removeUnfinished(folder));
  ready.catch(() => undefined);
  let closed = false;

  function next(): void {
    const maker = resting.at(-1);
    const [key, item] = maker === undefined ? [] : ([...waiting].at(-1) ?? []);
    if (maker === undefined || key === undefined || item === undefined) return;
    resting.pop();
    waiting.delete(key);
    making.add(key);
    make(maker, key, item)
      .catch((error: unknown) => {
        failed.set(key, true);
        if (!closed) onFailure(item, error);
      })
      .finally(() => {
        making.delete(key);
        resting.push(maker);
        if (!closed) next();
      });
  }

  async function make(maker: PyramidProcess, key: string, item: Item): Promise<void> {
    await ready;
    const file = await store.prepare(key);
    if (closed) return;
    await borrowItem(item, remote, (near) =>
      maker.make({ item: near, options: imaging, coding: recipe, file, within: folder, maxBytes, background: { atOnce } }),
    );
    store.look(key);
    if ((await store.find(key)) === null) throw new Error('it is larger than the disk space for pyramids');
    onMade(item);
  }

  return {
    async find(item) {
      const key = store.keyOf(item);
      const source = await store.find(key);
      if (source !== null) store.noteUse(key, source);
      return source;
    },
    want(item) {
      const key = store.keyOf(item);
      if (closed || atOnce === 0 || making.has(key) || failed.has(key)) return;
      waiting.delete(key);
      waiting.set(key, item);
      const [oldest] = waiting.keys();
      if (waiting.size > MOST_WAITING && oldest !== undefined) waiting.delete(oldest);
      next();
    },
    drop(item, why) {
      store.remove(store.keyOf(item)).catch((error: unknown) => onFailure(item, error));
      onFailure(item, why);
    },
    async close() {
      closed = true;
      waiting.clear();
      await Promise.all(processes.map((each) => each.close()));
    },
  };
}
