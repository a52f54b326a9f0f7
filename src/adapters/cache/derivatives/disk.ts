import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { type CacheFill, type DerivativeKey, isPurged, type Purge } from '../../../domain/derivative.ts';
import { MOST_HEAD_BYTES, readDerivative, readKey, writeHead } from './file-format.ts';
import { FOLDERS, fileNameOf, isFileName, namesOfItem, UNFINISHED } from './file-names.ts';
import { readAndNote, readBeginning } from './read-file.ts';
import { bytesOnDisk, findKept, isAbsent, type KeptFile, namesIn, removeOldest } from './sweep.ts';

/**
 * Nobody knows what the others have written since one looked. So each writes its part of an eighth before it looks again,
 * and room is made while a quarter is free: whatever they do at the same time, it is never more than may be.
 */
const WRITTEN_UNSEEN_SHARE = 1 / 8;
const FULL_SHARE = 3 / 4;
/** What is left when room was made. */
const LEFT_SHARE = 5 / 8;
/** What waits to be written is in memory. More is not kept. */
const MOST_WAITING_BYTES = 32_000_000;
const WRITES_AT_ONCE = 2;
/** A disk that is full or gone is left alone for a while. */
const PAUSE_SECONDS = 60;

export interface DiskOptions {
  /** Made when it is missing. Nothing else is to be in it. */
  readonly folder: string;
  /** 0 keeps nothing. */
  readonly maxBytes: number;
  /** How many processes may write at the same time. */
  readonly processes: number;
  /** Whether a derivative that was begun then has been purged since. */
  readonly isGone: (key: DerivativeKey, begun: Date) => boolean;
  /** Whether a look into a folder cannot hang for a network. */
  readonly isOnLocalDisk: (folder: string) => Promise<boolean>;
  readonly onFailure: (error: unknown) => void;
}

export interface DiskDerivatives {
  /** Null too where the disk fails. */
  get(key: DerivativeKey): Promise<Uint8Array | null>;
  /** Written in the background. Tells whether it will be, as far as can be seen. */
  put(key: DerivativeKey, bytes: Uint8Array, begun: Date): boolean;
  /** Tells how many went. */
  purge(purge: Purge): Promise<number>;
  /** Counted anew. */
  fill(): Promise<CacheFill>;
  /** Everything that waited has been written. */
  settled(): Promise<void>;
}

/**
 * Keeps derivatives in files that several processes share. A file is written under another name and renamed, so that it is
 * whole or absent; what is torn all the same, by a power cut say, shows by its checksum, is never given out and is removed.
 * Its time of change is the time of its last use, to some minutes.
 */
export function createDiskDerivatives({
  folder: root,
  maxBytes,
  processes,
  isGone,
  isOnLocalDisk,
  onFailure,
}: DiskOptions): DiskDerivatives {
  const unseenBytes = Math.floor((maxBytes * WRITTEN_UNSEEN_SHARE) / processes);
  const writes = new PQueue({ concurrency: WRITES_AT_ONCE });
  const state = { waitingBytes: 0, pausedUntil: 0, mayWriteBytes: 0 };
  let looking: Promise<void> | null = null;
  let isLocal: boolean | null = null;

  /** Most are not there, and on a disk of this machine it takes less to see that than to ask another thread to. */
  async function isSurelyAbsent(file: string): Promise<boolean> {
    isLocal ??= await isOnLocalDisk(root);
    return isLocal && lstatSync(file, { throwIfNoEntry: false }) === undefined;
  }

  async function makeRoom(): Promise<void> {
    const found = await findKept(root, Date.now());
    if (sum(found) > maxBytes * FULL_SHARE) await removeOldest(found, maxBytes * LEFT_SHARE);
    state.mayWriteBytes = unseenBytes;
  }

  /** One look at a time. */
  function look(): Promise<void> {
    looking ??= makeRoom().finally(() => {
      looking = null;
    });
    return looking;
  }

  async function write(key: DerivativeKey, bytes: Uint8Array, begun: Date): Promise<void> {
    const head = writeHead(key, bytes);
    const size = bytesOnDisk(head.byteLength + bytes.byteLength);
    while (state.mayWriteBytes < size) await look();
    state.mayWriteBytes -= size;
    if (isGone(key, begun)) return;
    const { folder, name } = fileNameOf(key);
    const file = join(root, folder, name);
    await writeWhole(join(root, folder), file, [head, bytes]);
    // A purge meanwhile may have looked before there was anything.
    if (isGone(key, begun)) await rm(file, { force: true });
  }

  function pause(error: unknown): void {
    state.pausedUntil = Date.now() + PAUSE_SECONDS * 1000;
    onFailure(error);
  }

  return {
    async get(key) {
      if (maxBytes === 0) return null;
      const { folder, name } = fileNameOf(key);
      const file = join(root, folder, name);
      try {
        if (await isSurelyAbsent(file)) return null;
        const found = await readAndNote(file, maxBytes);
        const stored = found === null ? null : readDerivative(found);
        if (stored?.key.text === key.text) return stored.bytes;
        await rm(file, { recursive: true, force: true });
      } catch (error) {
        if (!isAbsent(error)) onFailure(error);
      }
      return null;
    },

    put(key, bytes, begun) {
      const isTooLarge = bytesOnDisk(bytes.byteLength + MOST_HEAD_BYTES) > unseenBytes;
      const isTooMuch = state.waitingBytes + bytes.byteLength > MOST_WAITING_BYTES;
      if (isTooLarge || isTooMuch || Date.now() < state.pausedUntil) return false;
      state.waitingBytes += bytes.byteLength;
      writes
        .add(() => write(key, bytes, begun))
        .catch(pause)
        .finally(() => {
          state.waitingBytes -= bytes.byteLength;
        });
      return true;
    },

    async purge(purge) {
      const isMeant = purgedFiles(purge);
      let gone = 0;
      for (const folder of FOLDERS) {
        for (const name of await namesIn(join(root, folder))) {
          const file = join(root, folder, name);
          if (!isFileName(name) || !(await isMeant(name, file))) continue;
          await rm(file, { recursive: true, force: true });
          gone += 1;
        }
      }
      return gone;
    },

    async fill() {
      const kept = await findKept(root, Date.now());
      return { derivatives: kept.length, bytes: sum(kept), maxBytes };
    },

    settled: () => writes.onIdle(),
  };
}

type IsMeant = (name: string, file: string) => boolean | Promise<boolean>;

/** The name of a file tells the item, and only the file itself in which folder that is. */
function purgedFiles(purge: Purge): IsMeant {
  if (purge.kind === 'everything') return () => true;
  if (purge.kind === 'item') return namesOfItem(purge.path);
  return async (_name, file) => {
    const beginning = await readBeginning(file, MOST_HEAD_BYTES).catch(() => null);
    const key = beginning === null ? null : readKey(beginning);
    return key !== null && isPurged(purge, key);
  };
}

function sum(files: readonly KeptFile[]): number {
  return files.reduce((all, { bytes }) => all + bytes, 0);
}

async function writeWhole(folder: string, file: string, parts: readonly Uint8Array[]): Promise<void> {
  const unfinished = join(folder, `${UNFINISHED}${randomBytes(9).toString('hex')}`);
  try {
    const handle = await create(unfinished, folder);
    try {
      await handle.writev([...parts]);
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
}

/** The folder is there, but for its first file. */
async function create(file: string, folder: string): Promise<FileHandle> {
  const begin = () => open(file, 'wx', 0o600);
  try {
    return await begin();
  } catch (error) {
    if (!isAbsent(error)) throw error;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return begin();
  }
}
