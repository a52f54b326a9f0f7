import { LRUCache } from 'lru-cache';
import type { DeviceStore } from '../../domain/ports.ts';

export interface DeviceCacheOptions {
  /** How long a device that another process has removed may still be believed here. */
  readonly ttlSeconds?: number;
  /** Devices kept. */
  readonly max?: number;
  /** Told when a use could not be written; the reader never is. */
  readonly onTouchFailed?: (error: unknown) => void;
}

/** Keeps devices found by their secret for seconds, beside sessions. Whatever is written through this store is seen at once. */
export function cacheDevices(store: DeviceStore, options: DeviceCacheOptions = {}): DeviceStore {
  const { ttlSeconds = 3, max = 1_000, onTouchFailed = () => {} } = options;
  // The look-up is kept, not its answer: a write drops one that is still under way as well.
  const lookups = new LRUCache<string, ReturnType<DeviceStore['findBySecret']>>({ max, ttl: Math.max(1, ttlSeconds * 1000) });

  function lookUp(secretHash: string): ReturnType<DeviceStore['findBySecret']> {
    const lookup = store.findBySecret(secretHash);
    lookups.set(secretHash, lookup);
    const forget = (): void => {
      if (lookups.peek(secretHash) === lookup) lookups.delete(secretHash);
    };
    lookup.then((device) => (device === null ? forget() : undefined), forget);
    return lookup;
  }

  async function write<T>(change: () => Promise<T>): Promise<T> {
    lookups.clear();
    try {
      return await change();
    } finally {
      lookups.clear();
    }
  }

  return {
    create: (device) => store.create(device),
    list: () => store.list(),
    findByLink: (linkHash, now) => store.findByLink(linkHash, now),
    register: (linkHash, secretHash, now) => write(() => store.register(linkHash, secretHash, now)),
    findBySecret: (secretHash) => lookups.get(secretHash) ?? lookUp(secretHash),
    touch: (id, usedAt) => write(() => store.touch(id, usedAt).catch(onTouchFailed)),
    remove: (name) => write(() => store.remove(name)),
  };
}
