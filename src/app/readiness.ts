import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../adapters/system/clock.ts';
import type { Readiness } from '../http/operation/ready.ts';

export interface ReadinessParts {
  /** The data folder. */
  readonly data: string;
  readonly database: { pulse(): Promise<{ readonly newest: Date }> };
  /** What is wrong with the place of the images; null where nothing is. */
  findSourceFault(): Promise<string | null>;
  /** Of the certificate; null without TLS. */
  daysLeft(): number | null;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** However many ask, it is looked at so often. */
const KEPT_MILLISECONDS = 2_000;
/** Whoever does not answer in this time has failed. */
const CHECK_SECONDS = 5;
/** With less, a database or a log stops in the middle of something. */
const LEAST_FREE_BYTES = 20_000_000;
/** What was written is not from later than this: else the clock has gone back. */
const CLOCK_MINUTES = 5;

/** Looks whether everything that an answer needs is there. What changes is told to the log, with the reason. */
export function createReadiness(parts: ReadinessParts): () => Promise<Readiness> {
  const told = new Map<string, string | null>();
  let known: { readonly at: number; readonly result: Promise<Readiness> } | null = null;

  async function look(): Promise<Readiness> {
    const pulse = parts.database.pulse();
    const checks: Readonly<Record<string, Promise<string | null>>> = {
      database: pulse.then(() => null),
      source: parts.findSourceFault(),
      cache: findDiskFault(parts.data),
      clock: pulse.then(({ newest }) => findClockFault(newest), alright),
      ...(parts.daysLeft() === null ? {} : { certificate: Promise.resolve(findCertificateFault(parts.daysLeft() ?? 0)) }),
    };
    const looked = Object.entries(checks).map(async ([name, check]) => [name, await inTime(check)] as const);
    const faults = await Promise.all(looked);
    for (const [name, fault] of faults) tell(name, fault);
    return Object.fromEntries(faults.map(([name, fault]) => [name, fault === null]));
  }

  function tell(check: string, reason: string | null): void {
    const before = told.get(check) ?? null;
    told.set(check, reason);
    if (reason !== null && before === null) parts.log.warn({ check, reason }, 'not ready');
    if (reason === null && before !== null) parts.log.info({ check }, 'ready again');
  }

  return () => {
    const now = performance.now();
    if (known === null || now - known.at > KEPT_MILLISECONDS) known = { at: now, result: look() };
    return known.result;
  };
}

/** Free space, and whether a file can be written. */
export async function findDiskFault(data: string): Promise<string | null> {
  const folder = join(data, 'cache');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < LEAST_FREE_BYTES) return `only ${Math.floor((bavail * bsize) / 1_000_000)} MB are free in ${data}`;
  const file = join(folder, `probe-${process.pid}`);
  await writeFile(file, 'is there room?\n', { mode: 0o600 });
  // A look before this one may have taken so long that it ends now.
  await rm(file, { force: true });
  return null;
}

export function findClockFault(newest: Date): string | null {
  const now = systemClock.now();
  const ahead = (newest.getTime() - now.getTime()) / 60_000;
  return ahead <= CLOCK_MINUTES ? null : `it is ${now.toISOString()} here, and the database holds something of ${newest.toISOString()}`;
}

function findCertificateFault(daysLeft: number): string | null {
  return daysLeft >= 0 ? null : 'it has ended';
}

/** A database that fails says so itself. */
function alright(): null {
  return null;
}

function inTime(check: Promise<string | null>): Promise<string | null> {
  const late = setTimeout(CHECK_SECONDS * 1000, `no answer in ${CHECK_SECONDS} seconds`, { ref: false });
  return Promise.race([check, late]).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
}
