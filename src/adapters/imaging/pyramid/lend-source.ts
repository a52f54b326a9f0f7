import { stat } from 'node:fs/promises';
import type { Item } from '../../../domain/item.ts';
import type { RemoteFiles } from '../../../domain/ports.ts';
import { borrowItem } from '../remote-bytes.ts';

/** Lends the item with its bytes in a file on this machine, by whose own time it shows whether that changes. */
export function lendSource<T>(item: Item, remote: RemoteFiles | null, use: (near: Item) => Promise<T>): Promise<T> {
  if (item.source.remote === undefined) return use(item);
  return borrowItem(item, remote, async (near) => {
    const { mtime } = await stat(near.source.file, { bigint: true });
    return use({ ...near, source: { ...near.source, modified: mtime } });
  });
}
