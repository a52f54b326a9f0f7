import type { AuditTrail } from '../domain/audit.ts';
import type { Device } from '../domain/device.ts';
import type { FindDeviceDeps } from './find-device.ts';

/** 256 bits: never guessed, so that its hash needs no salt. */
const SECRET_BYTES = 32;

/** The device that a link is for; null where the link was used, is over, or is none. */
export function findDeviceByLink(deps: FindDeviceDeps, link: string): Promise<Device | null> {
  return deps.devices.findByLink(deps.randomness.hash(link), deps.clock.now());
}

/** Makes a browser the device that a link is for, and uses the link up. The secret is shown this once: the store has its hash. */
export async function registerDevice(
  deps: FindDeviceDeps & { readonly audit: AuditTrail },
  link: string,
  address: string,
): Promise<{ readonly device: Device; readonly secret: string } | null> {
  const secret = deps.randomness.token(SECRET_BYTES);
  const device = await deps.devices.register(deps.randomness.hash(link), deps.randomness.hash(secret), deps.clock.now());
  if (device === null) return null;
  await deps.audit.record({ action: 'device.registered', address, service: device.service, target: device.name });
  return { device, secret };
}
