import type { Device } from '../domain/device.ts';
import type { Clock, DeviceStore, Randomness } from '../domain/ports.ts';

export interface FindDeviceDeps {
  readonly devices: DeviceStore;
  readonly randomness: Randomness;
  readonly clock: Clock;
}

/** What a registered device has to show: for content, information and our own pages alike. */
export const DEVICE_COOKIE = 'vitrine-device';

const WRITTEN = /^[A-Za-z0-9_-]{43}$/;
const HOUR = 3_600_000;

/** The device whose browser sent these cookies; null for any other. Its use is noted once an hour. */
export async function findDevice(deps: FindDeviceDeps, cookies: ReadonlyMap<string, string>): Promise<Device | null> {
  const secret = cookies.get(DEVICE_COOKIE) ?? '';
  if (!WRITTEN.test(secret)) return null;
  const device = await deps.devices.findBySecret(deps.randomness.hash(secret));
  const now = deps.clock.now();
  const isNoted = device?.usedAt != null && now.getTime() - device.usedAt.getTime() < HOUR;
  if (device !== null && !isNoted) await deps.devices.touch(device.id, now);
  return device;
}

export function servicesOfDevice(device: Device | null): ReadonlySet<string> {
  return new Set(device === null ? [] : [device.service]);
}
