import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DerivativeKey, isPurged, type Purge } from '../../../domain/derivative.ts';
import { namesIn } from './sweep.ts';

/** Longer than any derivative takes to be made, and than any process takes to look. */
const REMEMBERED_MINUTES = 5;
const LOOK_SECONDS = 1;
/** `1700000000000-0123456789ab`: when, and something unique; with `new-` before it while it is written. */
const NAME = /^(new-)?([0-9]{13})-[0-9a-f]{12}$/;

export interface Purges {
  /** For all processes. Counts here at once. */
  note(purge: Purge): Promise<void>;
  /** Whether what was begun then has been purged since. */
  isGone(key: DerivativeKey, begun: Date): boolean;
  /** Looks now for what others have noted. */
  look(): Promise<void>;
  /** Ends looking. */
  close(): Promise<void>;
}

export interface PurgesOptions {
  readonly folder: string;
  /** Told of those that another process has noted. */
  readonly onPurge: (purge: Purge) => Promise<unknown>;
  readonly onFailure: (error: unknown) => void;
}

interface Remembered {
  readonly at: number;
  readonly purge: Purge;
}

/** Tells the processes that share a cache what was purged: by small files that are there for some minutes. */
export function createPurges({ folder, onPurge, onFailure }: PurgesOptions): Purges {
  const remembered = new Map<string, Remembered>();
  const startedAt = Date.now();
  let looking: Promise<void> | null = null;

  async function lookOnce(): Promise<void> {
    const now = Date.now();
    for (const name of await namesIn(folder)) {
      const [, isNew, at] = NAME.exec(name) ?? [];
      if (at === undefined) continue;
      if (now - Number(at) > REMEMBERED_MINUTES * 60_000) await rm(join(folder, name), { force: true });
      else if (isNew === undefined && !remembered.has(name)) await learn(name, Number(at));
    }
    for (const [name, { at }] of remembered) if (now - at > REMEMBERED_MINUTES * 60_000) remembered.delete(name);
  }

  async function learn(name: string, at: number): Promise<void> {
    const text = await readFile(join(folder, name), 'utf8').catch(() => null);
    if (text === null) return;
    const purge = parse(text);
    remembered.set(name, { at, purge });
    if (at >= startedAt - LOOK_SECONDS * 1000) await onPurge(purge);
  }

  function look(): Promise<void> {
    looking ??= lookOnce()
      .catch(onFailure)
      .finally(() => {
        looking = null;
      });
    return looking;
  }

  const timer = setInterval(look, LOOK_SECONDS * 1000);
  timer.unref();
  return {
    async note(purge) {
      const at = Date.now();
      const name = `${at}-${randomBytes(6).toString('hex')}`;
      remembered.set(name, { at, purge });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const unfinished = join(folder, `new-${name}`);
      await writeFile(unfinished, JSON.stringify(purge), { mode: 0o600 });
      await rename(unfinished, join(folder, name));
    },
    isGone(key, begun) {
      for (const { at, purge } of remembered.values()) if (begun.getTime() <= at && isPurged(purge, key)) return true;
      return false;
    },
    look,
    async close() {
      clearInterval(timer);
      await looking;
    },
  };
}

/** What cannot be read purges too much rather than too little. */
function parse(text: string): Purge {
  try {
    const { kind, path } = JSON.parse(text) as { readonly kind?: unknown; readonly path?: unknown };
    if ((kind === 'item' || kind === 'folder') && typeof path === 'string') return { kind, path };
  } catch {}
  return { kind: 'everything' };
}
