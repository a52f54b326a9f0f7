import type { Item, Source } from '../../domain/item.ts';
import type { RemoteFiles } from '../../domain/ports.ts';
import { type ByteSource, TruncatedError } from './read-bytes.ts';

/** A source in an object store, read in ranges. */
export function bytesOfRemote(source: Source, remote: RemoteFiles): ByteSource {
  return {
    size: source.bytes,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > source.bytes) throw new TruncatedError(`${length} bytes at ${offset}`);
      return remote.read(source, offset, length);
    },
  };
}

/** Lends the item with its bytes in a file on this machine. */
export function borrowItem<T>(item: Item, remote: RemoteFiles | null, use: (near: Item) => Promise<T>): Promise<T> {
  const { remote: object, ...source } = item.source;
  if (remote === null || object === undefined) return use(item);
  return remote.borrow(item.source, (file) => use({ ...item, source: { ...source, file } }));
}
