import { join } from 'node:path';
import { adhocCertificate } from '../adapters/certificates/adhoc.ts';
import { daysLeft, endsSoon, factsOf } from '../adapters/certificates/certificate.ts';
import { readCertificate } from '../adapters/certificates/files.ts';
import { type CertificateInForce, keepInForce } from '../adapters/certificates/in-force.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Options } from '../config/options.ts';

interface CertificateLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** The certificate that this server shows. */
export interface ServerCertificate extends CertificateInForce {
  /** Until the one in force ends; fewer than none where it has. */
  daysLeft(): number;
}

const CHECK_HOURS = 12;

/** Null where TLS is off. `keepsHouse`: whether this process warns, and renews what we make ourselves. */
export async function openCertificate(
  options: Options,
  { log, keepsHouse }: { readonly log: CertificateLog; readonly keepsHouse: boolean },
): Promise<ServerCertificate | null> {
  const source = sourceOf(options);
  if (source === null) return null;
  const now = () => systemClock.now();
  const inForce = await keepInForce({ ...source, now, log });
  const facts = () => factsOf(inForce.current());
  const warn = (): void => {
    const named = options.publicUrl === null ? null : hostOf(options.publicUrl);
    if (named !== null && !facts().covers(named))
      log.warn(`The certificate is not for ${named}, the name in publicUrl: browsers refuse it.`);
    if (!endsSoon(facts(), now())) return;
    const left = daysLeft(facts(), now());
    const when = left < 0 ? 'has ended' : `ends in ${Math.floor(left)} days`;
    log.warn(`The certificate ${when}, on ${facts().endsAt.toISOString().slice(0, 10)}. ${source.remedy}`);
  };
  const check = async (): Promise<void> => {
    if (options.tls.mode === 'adhoc') await inForce.look();
    warn();
  };
  if (keepsHouse) warn();
  const checks = keepsHouse ? setInterval(() => void check(), CHECK_HOURS * 3_600_000) : null;
  checks?.unref();
  return {
    ...inForce,
    daysLeft: () => daysLeft(facts(), now()),
    close() {
      if (checks !== null) clearInterval(checks);
      inForce.close();
    },
  };
}

/** Makes what several processes are about to read. */
export async function prepareCertificate(options: Options): Promise<void> {
  await sourceOf(options)?.read();
}

function sourceOf(options: Options) {
  const { tls } = options;
  if (tls.mode === 'off') return null;
  if (tls.mode === 'files') {
    return {
      files: [tls.certificateFile, tls.keyFile],
      read: () => readCertificate(tls.certificateFile, tls.keyFile),
      remedy: 'Whoever renews it writes the new one to the files that tls names; it is taken over without a restart.',
    };
  }
  const folder = join(options.data, 'certificates');
  const names = new Set(['localhost', '127.0.0.1', '::1', ...(options.publicUrl === null ? [] : [hostOf(options.publicUrl)])]);
  return {
    files: [join(folder, 'adhoc.pem')],
    read: () => adhocCertificate(folder, [...names], systemClock.now()),
    remedy: 'It is made anew by itself; look into the log why it was not.',
  };
}

function hostOf(publicUrl: string): string {
  return new URL(publicUrl).hostname.replace(/^\[|\]$/g, '');
}
