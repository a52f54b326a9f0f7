import { type Refusal, refuse } from '../lib/problems.ts';

export type DeviceId = `dev_${string}`;

/** A machine whose browser opens an access service, wherever it stands. */
export interface Device {
  readonly id: DeviceId;
  /** Unique. */
  readonly name: string;
  /** The access service that it opens. */
  readonly service: string;
  readonly createdAt: Date;
  /** Until when its link can be used; null once it was. */
  readonly linkEndsAt: Date | null;
  /** To the hour; null before the first use. */
  readonly usedAt: Date | null;
}

/** How long the link of a new device is good. */
export const DEVICE_LINK_MINUTES = 30;

const MAX_LENGTH = 100;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** A name for a new device, as it is kept and shown: in one Unicode form (NFC), without surrounding space. */
export function parseDeviceName(text: string): string | Refusal {
  const name = text.normalize('NFC').trim();
  if (name === '') return refuse('request.malformed', 'A device needs a name.');
  if (name.length > MAX_LENGTH) return refuse('request.malformed', `The name of a device has at most ${MAX_LENGTH} characters.`);
  if (UNPRINTABLE.test(name)) return refuse('request.malformed', 'The name of a device has only characters that can be seen.');
  return name;
}
