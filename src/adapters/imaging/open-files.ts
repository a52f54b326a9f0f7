import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import type { Source } from '../../domain/item.ts';
import type { RemoteFiles } from '../../domain/ports.ts';
import { type Settling, settling } from '../../lib/settling.ts';
import { createBlockReads } from './block-reads.ts';
import { isOnLocalDisk } from './local-disk.ts';
import { createPatience, type Patience } from './patience.ts';
import { type ByteSource, TruncatedError } from './read-bytes.ts';
import { bytesOfRemote } from './remote-bytes.ts';

/** Files that stay open between reads, because opening one costs more than reading a tile. */
export interface OpenFiles {
  /** Lends the bytes of a source for the time of `use`. Rejects with `TruncatedError` where the file is another one by now. */
  use<T>(source: Source, use: (bytes: ByteSource) => Promise<T>): Promise<T>;
  /** The bytes of a source that is open, on a disk of this machine, and has been quick; null for any other. */
  atOnce(source: Source): BytesAtOnce | null;
  /** Closes all that nobody reads, and the others when they are read. They are opened again when they are wanted. */
  forget(): void;
}

/** Bytes by position, without waiting for a turn: most lie in the memory of the system, and to ask another thread for them costs more than they do. */
export interface BytesAtOnce {
  /** Puts so many bytes into `target` from `at` on. False where there are not so many, or the disk failed. */
  readInto(target: Uint8Array, at: number, offset: number, length: number): boolean;
}

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  readonly atOnce: Settling<BytesAtOnce | null>;
  readonly patience: Patience;
  readonly bytes: Promise<ByteSource>;
  users: number;
  /** Out of the list: to be closed by its last user. */
  left: boolean;
}

/** For tiles that nobody has asked for yet, beside those that somebody has. */
const BLOCKS_BYTES = 16_000_000;

/** `remote` reads what is not on this machine. */
export function createOpenFiles(most: number, remote: RemoteFiles | null): OpenFiles {
  const files = new LRUCache<string, OpenFile>({ max: most, dispose: leave });
  const blocks = createBlockReads(BLOCKS_BYTES);

  function begin(source: Source): OpenFile {
    const handle = openUnchanged(source);
    const bytes = handle.then((opened) => blocks.over(bytesOf(opened, source.bytes)));
    bytes.catch(ignoreWhatNeverOpened);
    const patience = createPatience();
    const atOnce = settling(handle.then(async (opened) => ((await isOnLocalDisk(source.file)) ? bytesAtOnce(opened.fd, patience) : null)));
    return { handle, bytes, atOnce, patience, users: 0, left: false };
  }

  function leave(file: OpenFile): void {
    file.left = true;
    closeUnused(file);
  }

  return {
    async use(source, use) {
      if (remote !== null && source.remote !== undefined) return use(bytesOfRemote(source, remote));
      const key = keyOf(source);
      const file = files.get(key) ?? begin(source);
      if (!files.has(key)) files.set(key, file);
      file.users += 1;
      try {
        return await use(await file.bytes);
      } catch (error) {
        if (files.peek(key) === file) files.delete(key);
        throw error;
      } finally {
        file.users -= 1;
        closeUnused(file);
      }
    },
    atOnce(source) {
      const file = source.remote === undefined ? files.get(keyOf(source)) : undefined;
      return file?.patience.isQuick() === true ? (file.atOnce.value ?? null) : null;
    },
    forget() {
      files.clear();
      blocks.clear();
    },
  };
}

function keyOf({ file, version }: Source): string {
  return `${file}\n${version}`;
}

function closeUnused(file: OpenFile): void {
  if (!file.left || file.users > 0) return;
  file.handle.then((handle) => handle.close()).catch(ignoreWhatNeverOpened);
}

function ignoreWhatNeverOpened(): void {}

async function openUnchanged({ file, bytes, modified }: Source): Promise<FileHandle> {
  const handle = await open(file, 'r');
  // In whole numbers, as it was found: Node rounds a time in parts of milliseconds the one way here and the other way there.
  const stat = await handle.stat({ bigint: true });
  if (Number(stat.size) === bytes && stat.mtime.getTime() === modified.getTime()) return handle;
  await handle.close();
  throw new TruncatedError('The file is not the one that was found');
}

function bytesOf(handle: FileHandle, size: number): ByteSource {
  return {
    size,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size) throw new TruncatedError(`${length} bytes at ${offset} of ${size}`);
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      if (bytesRead < length) throw new TruncatedError('The file became shorter while it was read');
      return bytes;
    },
  };
}

function bytesAtOnce(fd: number, patience: Patience): BytesAtOnce {
  return {
    readInto(target, at, offset, length) {
      const begun = performance.now();
      try {
        return readSync(fd, target, at, length, offset) === length;
      } catch {
        return false;
      } finally {
        patience.note(performance.now() - begun);
      }
    },
  };
}
