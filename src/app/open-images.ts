import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolderSource } from '../adapters/sources/folder.ts';
import { createSideFiles, type SideFileLog } from '../adapters/sources/side-files.ts';
import type { Options } from '../config/options.ts';
import { parseStoreAddress } from '../config/store-address.ts';
import type { Catalogue, ItemKeeper, ItemSource, RemoteFiles, StreamSource } from '../domain/ports.ts';
import { Failure, refuse } from '../lib/problems.ts';

export interface OpenedImages {
  readonly items: ItemSource & StreamSource;
  readonly catalogue: Catalogue;
  /** Null where the images are files on this machine. */
  readonly remote: (RemoteFiles & ItemKeeper) | null;
  /** What is wrong with the place that they come from; null where nothing is. */
  findFault(): Promise<string | null>;
}

type ImageOptions = Pick<
  Options,
  | 'images'
  | 'data'
  | 'objectStoreEndpoint'
  | 'objectStoreRegion'
  | 'objectStoreKeyId'
  | 'objectStoreSecretKey'
  | 'objectStoreTimeoutSeconds'
  | 'objectStoreDiskMegabytes'
>;

/** Where items come from, with what is written beside them. Rejects with `Failure` where it cannot be read. */
export async function openImages(options: ImageOptions, log: SideFileLog): Promise<OpenedImages> {
  const address = parseStoreAddress(options.images);
  if (address === null) {
    return {
      items: createFolderSource(options.images, { listingsIn: join(options.data, 'cache', 'listings') }),
      catalogue: createSideFiles(options.images, log),
      remote: null,
      async findFault() {
        await access(options.images, constants.R_OK | constants.X_OK);
        return null;
      },
    };
  }
  const { createObjectStore } = await import('../adapters/sources/store/object-store.ts');
  const { createRemoteFiles } = await import('../adapters/sources/store/remote-files.ts');
  const { createStoreSource } = await import('../adapters/sources/store/store-source.ts');
  const { objectStoreRegion: region, objectStoreKeyId: id, objectStoreSecretKey: secret } = options;
  const store = createObjectStore({
    endpoint: options.objectStoreEndpoint ?? `https://s3.${region}.amazonaws.com`,
    region,
    bucket: address.bucket,
    key: id === null || secret === null ? null : { id, secret },
    timeLimitSeconds: options.objectStoreTimeoutSeconds,
  });
  const remote = createRemoteFiles(store, {
    prefix: address.prefix,
    folder: copiesFolder(options),
    maxBytes: options.objectStoreDiskMegabytes * 1_000_000,
  });
  const { items, catalogue } = createStoreSource(store, address, remote, { log });
  await store.list(address.prefix, null).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(refuse('server.error', 'The object store cannot be read.'), `The images cannot be listed: ${why}`, { cause });
  });
  return {
    items,
    catalogue,
    remote,
    async findFault() {
      await store.list(address.prefix, null);
      return null;
    },
  };
}

/** Where copies of sources are that are in an object store. */
export function copiesFolder({ data }: Pick<Options, 'data'>): string {
  return join(data, 'objects');
}
