import type { DeviceId } from '../../domain/device.ts';
import type { DeviceStore } from '../../domain/ports.ts';
import { keepLookups } from './lookups.ts';

export interface DeviceCacheOptions {
  /** How long an answer is believed. */
  readonly ttlSeconds?: number;
  /** Another number where another process may have changed what is kept here. */
  readonly changesElsewhere?: () => number;
  /** Told of every write, before it and after it. */
  readonly onWrite?: () => void;
  /** Devices kept. */
  readonly max?: number;
  /** Told when a use could not be written; the reader never is. */
  readonly onTouchFailed?: (error: unknown) => void;
}

/** Keeps devices found by their secret or their id for seconds. */
export function cacheDevices(store: DeviceStore, options: DeviceCacheOptions = {}): DeviceStore {
  const { ttlSeconds = 3, max = 1_000, changesElsewhere, onWrite, onTouchFailed = () => {} } = options;
  const bySecret = keepLookups((secretHash: string) => store.findBySecret(secretHash), { ttlSeconds, max, changesElsewhere, onWrite });
  const byId = keepLookups((id: DeviceId) => store.findById(id), { ttlSeconds, max, changesElsewhere, onWrite });
  const write = <T>(change: () => Promise<T>): Promise<T> => byId.write(() => bySecret.write(change));
  return {
    create: (device) => store.create(device),
    list: () => store.list(),
    findByLink: (linkHash, now) => store.findByLink(linkHash, now),
    register: (linkHash, secretHash, now) => write(() => store.register(linkHash, secretHash, now)),
    findBySecret: bySecret.find,
    findById: byId.find,
    touch: (id, usedAt) => write(() => store.touch(id, usedAt).catch(onTouchFailed)),
    remove: (name) => write(() => store.remove(name)),
  };
}
