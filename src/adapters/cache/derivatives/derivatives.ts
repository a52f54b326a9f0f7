import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheCounts, DerivativeKey, Purge, PurgedBeside } from '../../../domain/derivative.ts';
import type { DerivativeCache, DerivativeKeeper, DerivativeSharing } from '../../../domain/ports.ts';
import { createDiskDerivatives } from './disk.ts';
import { createDoorkeeper } from './doorkeeper.ts';
import { createMemoryDerivatives } from './memory.ts';
import { createPurges } from './purges.ts';
import { createWorthWriting } from './worth-writing.ts';

/** What it costs to read a derivative from disk again. */
const READ_MILLISECONDS = 0.3;
/** What is copied from a file on this machine takes less, however coarse the clock; from an object store, more. */
const CHEAP_MILLISECONDS = 3;

/** https://bford.info/cachedir/: programs for backups leave such folders out. */
const CACHE_TAG = 'Signature: 8a477f597d28d172789f06886806bc55\n# Derivatives that Vitrine can make again.\n';

export interface DerivativesOptions {
  /** Everything of the cache is in it, and nothing else. */
  readonly folder: string;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** Whether each goes to disk as soon as it is made, and not only when it turns out to be worth it. */
  readonly keepsEverything: boolean;
  /** How many processes may write to the folder at the same time. */
  readonly processes: number;
  /** Removes what is kept beside derivatives, of a purge of this process or another one. */
  readonly alsoPurge: (purge: Purge) => Promise<PurgedBeside>;
  /** Whether a look into a folder cannot hang for a network. */
  readonly isOnLocalDisk: (folder: string) => Promise<boolean>;
  readonly onFailure: (error: unknown) => void;
}

export interface Derivatives extends DerivativeCache, DerivativeSharing, DerivativeKeeper {
  counts(): CacheCounts;
  /** Everything that waited has been written. */
  settled(): Promise<void>;
  /** Purges of other processes are known. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/** Derivatives in memory, and those that are worth it in files behind it, which other processes share. */
export function createDerivatives(options: DerivativesOptions): Derivatives {
  const { folder, memoryBytes, diskBytes, keepsEverything, processes, alsoPurge, isOnLocalDisk, onFailure } = options;
  const doorkeeper = createDoorkeeper();
  const worthWriting = createWorthWriting(keepsEverything);
  const memory = createMemoryDerivatives({
    maxBytes: memoryBytes,
    onUsed(key, bytes) {
      if (worthWriting.isAskedAgain(key.text)) write(key, bytes, new Date());
    },
  });
  const purges = createPurges({
    folder: join(folder, 'purges'),
    async onPurge(purge) {
      memory.purge(purge);
      // What this process has written before it heard of it.
      await disk.purge(purge);
      await alsoPurge(purge);
    },
    onFailure,
  });
  const disk = createDiskDerivatives({ folder, maxBytes: diskBytes, processes, isGone: purges.isGone, isOnLocalDisk, onFailure });
  const counts = { hits: 0, misses: 0 };
  let tagged: Promise<void> | null = null;

  function write(key: DerivativeKey, bytes: Uint8Array, begun: Date): boolean {
    const isWritten = disk.put(key, bytes, begun);
    if (isWritten) tagged ??= tag(folder).catch(onFailure);
    return isWritten;
  }

  async function fromDisk(key: DerivativeKey): Promise<Uint8Array | null> {
    const begun = new Date();
    const found = await disk.get(key);
    if (found === null) {
      counts.misses += 1;
      return null;
    }
    counts.hits += 1;
    if (!purges.isGone(key, begun)) memory.put(key, found, READ_MILLISECONDS);
    return found;
  }

  return {
    recall: (key) => memory.get(key.text),

    get: (key) => memory.peek(key.text) ?? (diskBytes === 0 ? null : fromDisk(key)),

    put(key, bytes, { copied, begun, milliseconds }) {
      if (purges.isGone(key, begun)) return;
      // Most tiles are looked at once, and can be copied once more: they need not push out those that are wanted again.
      if (copied && milliseconds < CHEAP_MILLISECONDS && !doorkeeper.hasCome(key.text)) return;
      const isOnDisk = !copied && worthWriting.isMade(key.text, bytes.byteLength, milliseconds) && write(key, bytes, begun);
      memory.put(key, bytes, isOnDisk ? READ_MILLISECONDS : milliseconds);
    },

    share: (key, bytes) => memory.share(key.text, bytes),

    counts: () => ({ memory: memory.stats(), disk: { ...counts } }),

    async stats() {
      return { memory: memory.stats(), disk: { ...(await disk.fill()), ...counts } };
    },

    async purge(purge) {
      await purges.note(purge);
      return { memory: memory.purge(purge), disk: await disk.purge(purge), ...(await alsoPurge(purge)) };
    },

    settled: () => disk.settled(),
    look: () => purges.look(),

    async close() {
      await purges.close();
      await disk.settled();
      await tagged;
      memory.clear();
    },
  };
}

async function tag(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'CACHEDIR.TAG'), CACHE_TAG, { mode: 0o600 });
}
