import { readFile, rm } from 'node:fs/promises';
import { type Certificate, type CertificateFacts, factsOf } from '../certificate.ts';
import { readPemFile, writePemFile, writePrivateFile } from '../pem-file.ts';
import type { AcmePlaces } from './settings.ts';

interface Renewal {
  readonly places: AcmePlaces;
  /** Gets a new one. Rejects with a sentence. */
  order(): Promise<Certificate>;
  /** Waits until no other process orders; null where `signal` ends the wait. */
  claim(signal: AbortSignal): Promise<(() => Promise<void>) | null>;
  /** There is a new one in its file, ordered here. */
  onRenewed(): Promise<void>;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: { info(message: string): void; error(message: string): void };
}

export interface KeptRenewed {
  /** Whoever has mended something need not wait for the next attempt. */
  tryNow(): void;
  close(): void;
}

interface Attempts {
  readonly failures: number;
  readonly lastAt: Date;
}

const MINUTE_MILLISECONDS = 60_000;
/** Authorities count failures by the hour, and forget them. */
const FIRST_PAUSE_MINUTES = 5;
const LONGEST_PAUSE_MINUTES = 6 * 60;
/** However long the certificate has still to go: clocks are set, and machines sleep. */
const LOOK_MINUTES = 60;

/** A third of its life before the end, and up to a thirtieth earlier, so that not all servers of the world come at once. */
export function renewAt({ beginsAt, endsAt }: CertificateFacts, random: number): Date {
  const life = endsAt.getTime() - beginsAt.getTime();
  return new Date(endsAt.getTime() - life / 3 - (life / 30) * random);
}

/** Three times as long after each failure, a fifth more or less. */
export function pauseMinutes(failures: number, random: number): number {
  const pause = Math.min(LONGEST_PAUSE_MINUTES, FIRST_PAUSE_MINUTES * 3 ** Math.max(0, failures - 1));
  return pause * (0.8 + 0.4 * random);
}

/**
 * Orders a certificate where there is none, and the next one before it ends, for as long as the program runs. Several processes
 * may do so on one folder: one of them orders, and the others find what it got.
 */
export function keepRenewed(renewal: Renewal): KeptRenewed {
  const { places, now, random, log } = renewal;
  const closing = new AbortController();
  // One throw for as long as the process lives: thrown anew at each look, the earliest of all would count.
  const early = random();
  let hasTried = false;
  let mayWait = true;
  let isLooking = false;
  let timer: NodeJS.Timeout | null = null;

  const isDue = async (): Promise<boolean> => {
    const kept = await readPemFile(places.certificate);
    return kept === null || now() >= renewAt(factsOf(kept), early);
  };

  /** Who has mended something and starts again does not wait for hours. */
  const pauseAfter = ({ failures }: Attempts): number =>
    hasTried ? pauseMinutes(failures, random()) : Math.min(FIRST_PAUSE_MINUTES, pauseMinutes(failures, random()));

  async function tryIt(): Promise<void> {
    log.info('The authority is asked for a certificate.');
    try {
      await writePemFile(places.certificate, await renewal.order());
      await rm(places.attempts, { force: true });
      await renewal.onRenewed();
      log.info('The authority has given a new certificate.');
    } catch (error) {
      const failures = ((await readAttempts(places))?.failures ?? 0) + 1;
      await writePrivateFile(places.attempts, JSON.stringify({ failures, lastAt: now().toISOString() }));
      log.error(`The authority has given no certificate: ${sentenceOf(error)} It is asked again later, from time to time.`);
    }
    hasTried = true;
  }

  /** Until the next look. */
  async function look(): Promise<number> {
    if (!(await isDue())) return LOOK_MINUTES;
    const attempts = await readAttempts(places);
    const waits = attempts === null ? 0 : pauseAfter(attempts) - (now().getTime() - attempts.lastAt.getTime()) / MINUTE_MILLISECONDS;
    if (waits > 0 && mayWait) return Math.min(waits, LOOK_MINUTES);
    const release = await renewal.claim(closing.signal);
    if (release === null) return LOOK_MINUTES;
    try {
      if (await isDue()) await tryIt();
    } finally {
      await release();
    }
    return Math.min(FIRST_PAUSE_MINUTES, LOOK_MINUTES);
  }

  async function run(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    const minutes = await look().catch((error: unknown) => {
      log.error(`The certificate could not be looked after: ${sentenceOf(error)}`);
      return LOOK_MINUTES;
    });
    isLooking = false;
    mayWait = true;
    if (closing.signal.aborted) return;
    timer = setTimeout(() => void run(), Math.max(1, minutes * MINUTE_MILLISECONDS));
    timer.unref();
  }

  void run();
  return {
    tryNow() {
      if (timer !== null) clearTimeout(timer);
      mayWait = false;
      void run();
    },
    close() {
      closing.abort();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

async function readAttempts({ attempts }: AcmePlaces): Promise<Attempts | null> {
  try {
    const { failures, lastAt } = JSON.parse(await readFile(attempts, 'utf8')) as { failures: unknown; lastAt: unknown };
    const date = new Date(String(lastAt));
    return typeof failures === 'number' && !Number.isNaN(date.getTime()) ? { failures, lastAt: date } : null;
  } catch {
    return null;
  }
}

function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code ?? error.name) : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
