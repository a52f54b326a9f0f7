import type { RemoteObject, Source } from '../../../domain/item.ts';
import type { RemoteFiles } from '../../../domain/ports.ts';
import { createKeptCopies } from './kept-copies.ts';
import type { ObjectStore } from './object-store.ts';
import { createBlockReader } from './read-blocks.ts';

export interface RemoteFilesOptions {
  /** For sources that are brought here whole. */
  readonly folder: string;
  readonly maxBytes: number;
}

/** For blocks of sources that are read in parts. */
const BLOCK_MEMORY_BYTES = 64_000_000;

export function createRemoteFiles(store: ObjectStore, { folder, maxBytes }: RemoteFilesOptions): RemoteFiles {
  const stream = (source: Source, start: number, length: number) => store.stream(objectOf(source), start, length);
  const copies = createKeptCopies(folder, maxBytes, stream);
  return {
    stream,
    borrow: copies.borrow,
    read: createBlockReader(BLOCK_MEMORY_BYTES, (source, start, length) => store.read(objectOf(source), start, length)),
  };
}

function objectOf({ file, remote }: Source): RemoteObject {
  if (remote === undefined) throw new Error(`${file} is not in a store`);
  return remote;
}
