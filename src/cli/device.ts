import { join } from 'node:path';
import type { Database } from '../adapters/storage/database.ts';
import { openSqlite } from '../adapters/storage/sqlite/open.ts';
import { createRandomness } from '../adapters/system/randomness.ts';
import type { AccessModel } from '../domain/access.ts';
import { DEVICE_LINK_MINUTES, type Device, parseDeviceName } from '../domain/device.ts';
import { isRefusal } from '../lib/problems.ts';
import { recordCommand } from './record-command.ts';

export interface DeviceCommand {
  /** The data folder; made when missing. */
  readonly data: string;
  readonly now: Date;
  /** A line of what was asked for. */
  print(line: string): void;
  /** A line of what went wrong. */
  error(line: string): void;
}

const LINK_BYTES = 32;

/** `vitrine device add NAME --service SERVICE`: 0 with the link; 1 where it cannot be done; 2 for a name that is none. */
export async function runDeviceAdd(
  command: DeviceCommand & {
    readonly name: string;
    readonly service: string;
    /** Null where no access file is named: then nothing can be said about the service. */
    readonly access: AccessModel | null;
    readonly publicUrl: string | null;
  },
): Promise<number> {
  const name = parseDeviceName(command.name);
  if (isRefusal(name)) return complain(command, name.detail, 2);
  const mistake = command.access === null ? null : findServiceMistake(command.access, command.service);
  if (mistake !== null) return complain(command, mistake);
  const randomness = createRandomness();
  const link = randomness.token(LINK_BYTES);
  return withDatabase(command, async (db) => {
    const device = await db.devices.create({
      name,
      service: command.service,
      linkHash: randomness.hash(link),
      linkEndsAt: new Date(command.now.getTime() + DEVICE_LINK_MINUTES * 60_000),
      createdAt: command.now,
    });
    if (device === null)
      return complain(command, `There is already a device ${JSON.stringify(name)}. Remove it first, or take another name.`);
    await recordCommand(db, { action: 'device.created', target: name, service: command.service });
    command.print(`Open this in the browser of ${name}, within ${DEVICE_LINK_MINUTES} minutes. It works once.`);
    command.print(`${command.publicUrl?.replace(/\/$/, '') ?? ''}/device/${link}`);
    if (command.publicUrl === null) command.error('Put the address of the server before it. With --public-url the link is whole.');
    return 0;
  });
}

/** `vitrine device list` */
export async function runDeviceList(command: DeviceCommand): Promise<number> {
  return withDatabase(command, async ({ devices }) => {
    const all = await devices.list();
    if (all.length === 0)
      command.error(`There are no devices yet in ${command.data}. Add one with: vitrine device add NAME --service SERVICE`);
    else for (const line of table(all, command.now)) command.print(line);
    return 0;
  });
}

/** `vitrine device remove NAME` */
export async function runDeviceRemove(command: DeviceCommand & { readonly name: string }): Promise<number> {
  return withDatabase(command, async (db) => {
    const name = command.name.normalize('NFC').trim();
    if (!(await db.devices.remove(name)))
      return complain(command, `There is no device ${JSON.stringify(name)}. The data folder is ${command.data}.`);
    await recordCommand(db, { action: 'device.removed', target: name });
    command.print(`Removed ${name}: its browser opens nothing any more, and its tokens have ended.`);
    return 0;
  });
}

function findServiceMistake({ services }: AccessModel, name: string): string | null {
  const service = services.get(name);
  if (service === undefined) return `The access file has no access service ${JSON.stringify(name)}.`;
  return service.devices === true ? null : `The access service ${JSON.stringify(name)} does not open to devices: it needs devices: true.`;
}

async function withDatabase({ data }: DeviceCommand, work: (db: Database) => Promise<number>): Promise<number> {
  const db = await openSqlite(join(data, 'vitrine.db'));
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

function table(devices: readonly Device[], now: Date): readonly string[] {
  const rows = devices.map((device) => [device.name, device.service, day(device.createdAt), stateOf(device, now), day(device.usedAt)]);
  const all = [['NAME', 'SERVICE', 'SINCE', 'STATE', 'LAST USED'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function stateOf({ linkEndsAt }: Device, now: Date): string {
  if (linkEndsAt === null) return 'registered';
  return linkEndsAt > now ? 'pending' : 'link over';
}

function day(time: Date | null): string {
  return time === null ? 'never' : time.toISOString().slice(0, 10);
}

function complain({ error }: DeviceCommand, sentence: string, exit = 1): number {
  error(sentence);
  return exit;
}
