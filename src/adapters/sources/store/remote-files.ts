import { isPurged } from '../../../domain/derivative.ts';
import type { RemoteObject, Source } from '../../../domain/item.ts';
import type { ItemKeeper, RemoteFiles } from '../../../domain/ports.ts';
import { createKeptCopies } from './kept-copies.ts';
import type { ObjectStore } from './object-store.ts';
import { createBlockReader } from './read-blocks.ts';

export interface RemoteFilesOptions {
  /** Of all keys; what follows is the path of an item. */
  readonly prefix: string;
  /** For sources that are brought here whole. */
  readonly folder: string;
  readonly maxBytes: number;
}

/** For blocks of sources that are read in parts. */
const BLOCK_MEMORY_BYTES = 64_000_000;

export function createRemoteFiles(store: ObjectStore, { prefix, folder, maxBytes }: RemoteFilesOptions): RemoteFiles & ItemKeeper {
  const pathOf = (file: string) => file.slice(store.nameOf(prefix).length);
  const stream = (source: Source, start: number, length: number) => store.stream(objectOf(source), start, length);
  const copies = createKeptCopies({ folder, maxBytes, pathOf, stream });
  const blocks = createBlockReader(BLOCK_MEMORY_BYTES, (source, start, length) => store.read(objectOf(source), start, length));
  return {
    stream,
    borrow: copies.borrow,
    read: blocks.read,
    purge(purge) {
      blocks.forget((file) => isPurged(purge, { item: pathOf(file) }));
      return copies.purge(purge);
    },
  };
}

function objectOf({ file, remote }: Source): RemoteObject {
  if (remote === undefined) throw new Error(`${file} is not in a store`);
  return remote;
}
