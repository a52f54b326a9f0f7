import { stat } from 'node:fs/promises';
import { StartProblem } from '../../config/start-problem.ts';
import { type Certificate, factsOf } from './certificate.ts';

/** The certificate that new connections get. */
export interface CertificateInForce {
  current(): Certificate;
  /** Calls with each later one. */
  onChange(take: (certificate: Certificate) => void): void;
  /** Looks at the files now, whether they have changed or not. Resolves once what is there is in force, or refused. */
  look(): Promise<void>;
  close(): void;
}

interface Kept {
  /** A change of one of them is a change of the certificate. */
  readonly files: readonly string[];
  /** Rejects, with a sentence for people, where they hold no certificate with its key. */
  read(): Promise<Certificate>;
  readonly now: () => Date;
  readonly log: { info(message: string): void; error(message: string): void };
  readonly pollMilliseconds?: number;
}

const POLL_MILLISECONDS = 2_000;

/**
 * Reads a certificate, and takes over each later one, for new connections. What cannot be used leaves the last one in force, and is told once,
 * at the second look: certificate and key are two files, and whoever renews them writes one after the other.
 */
export async function keepInForce(kept: Kept): Promise<CertificateInForce> {
  const { files, read, now, log, pollMilliseconds = POLL_MILLISECONDS } = kept;
  const takers: ((certificate: Certificate) => void)[] = [];
  let stamp = await stampOf(files);
  let current = await read();
  let doubted: string | null = null;
  let looking: Promise<void> = Promise.resolve();

  async function takeOver(isAsked: boolean): Promise<void> {
    const found = await stampOf(files);
    if (found === stamp && !isAsked) return;
    try {
      const next = await read();
      mustBeValid(next, now());
      stamp = found;
      doubted = null;
      if (next.cert === current.cert && next.key === current.key) return;
      current = next;
      for (const take of takers) take(next);
      log.info(`The certificate was renewed: ${files.join(', ')}. It ends on ${day(factsOf(next).endsAt)}.`);
    } catch (error) {
      if (doubted === found || isAsked) {
        stamp = found;
        log.error(`${sentenceOf(error)} The last certificate stays in force.`);
      }
      doubted = found;
    }
  }

  const look = (isAsked: boolean): Promise<void> => {
    looking = looking.then(() => takeOver(isAsked));
    return looking;
  };
  const poll = setInterval(() => void look(false), pollMilliseconds);
  poll.unref();
  return {
    current: () => current,
    onChange: (take) => void takers.push(take),
    look: () => look(true),
    close: () => clearInterval(poll),
  };
}

async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = files.map(async (file) => {
    const stats = await stat(file, { bigint: true }).catch(() => null);
    return stats === null ? 'none' : [stats.dev, stats.ino, stats.size, stats.mtimeNs].join('-');
  });
  return (await Promise.all(stamps)).join(' ');
}

function mustBeValid(certificate: Certificate, now: Date): void {
  const { beginsAt, endsAt } = factsOf(certificate);
  if (endsAt <= now) throw new StartProblem([`The new certificate has ended, on ${day(endsAt)}.`]);
  if (beginsAt > now) throw new StartProblem([`The new certificate is not valid before ${beginsAt.toISOString()}.`]);
}

function sentenceOf(error: unknown): string {
  if (error instanceof StartProblem) return error.sentences.join(' ');
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return `The certificate could not be read (${code}).`;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
