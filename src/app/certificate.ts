import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeptRenewed, keepRenewed } from '../adapters/certificates/acme/keep-renewed.ts';
import { orderCertificate } from '../adapters/certificates/acme/order.ts';
import { createProofs, type Proofs } from '../adapters/certificates/acme/proofs.ts';
import { type AcmeSettings, placesOf } from '../adapters/certificates/acme/settings.ts';
import { adhocCertificate } from '../adapters/certificates/adhoc.ts';
import { type Certificate, daysLeft, endsSoon, factsOf } from '../adapters/certificates/certificate.ts';
import { readCertificate } from '../adapters/certificates/files.ts';
import { type CertificateInForce, keepInForce } from '../adapters/certificates/in-force.ts';
import { readPemFile } from '../adapters/certificates/pem-file.ts';
import { claimOneOf } from '../adapters/imaging/pyramid/claim.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { acmeNamesOf } from '../config/check-combinations.ts';
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
  /** What an authority looks for at this server at the moment. */
  readonly proofs: Pick<Proofs, 'textOf' | 'certificateOf'>;
  /** To be called when the server listens: an authority that is asked for a certificate looks there. */
  serving(): void;
}

const CHECK_HOURS = 12;

/** Null where TLS is off. `keepsHouse`: whether this process warns, and renews what we get or make ourselves. */
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
  const settings = acmeSettings(options);
  let renewal: KeptRenewed | null = null;
  return {
    ...inForce,
    async look() {
      await inForce.look();
      renewal?.tryNow();
    },
    daysLeft: () => daysLeft(facts(), now()),
    proofs: createProofs(placesOf(settings).proofs),
    serving() {
      if (options.tls.mode === 'acme' && keepsHouse) renewal = renewByAcme(settings, { log, onRenewed: () => inForce.look() });
    },
    close() {
      renewal?.close();
      if (checks !== null) clearInterval(checks);
      inForce.close();
    },
  };
}

/** Makes what several processes are about to read. */
export async function prepareCertificate(options: Options): Promise<void> {
  await sourceOf(options)?.read();
}

interface CertificateSource {
  readonly files: readonly string[];
  read(): Promise<Certificate>;
  /** What is to be done before it ends. */
  readonly remedy: string;
}

function sourceOf(options: Options): CertificateSource | null {
  const { tls } = options;
  switch (tls.mode) {
    case 'off':
      return null;
    case 'files':
      return {
        files: [tls.certificateFile, tls.keyFile],
        read: () => readCertificate(tls.certificateFile, tls.keyFile),
        remedy: 'Whoever renews it writes the new one to the files that tls names; it is taken over without a restart.',
      };
    case 'adhoc': {
      const names = options.publicUrl === null ? [] : [hostOf(options.publicUrl)];
      return {
        files: [join(folderOf(options), 'adhoc.pem')],
        read: () => makeOwn(options, names),
        remedy: 'It is made anew by itself; look into the log why it was not.',
      };
    }
    case 'acme': {
      const { certificate } = placesOf(acmeSettings(options));
      const names = acmeNamesOf(options).filter((name) => !name.startsWith('*'));
      return {
        files: [certificate],
        // Until the authority has given one, there has to be something for it to connect to.
        read: async () => (await readPemFile(certificate)) ?? makeOwn(options, names),
        remedy: 'The authority is asked for the next one by itself; look into the log why it gave none.',
      };
    }
  }
}

function makeOwn(options: Options, names: readonly string[]): Promise<Certificate> {
  return adhocCertificate(folderOf(options), [...new Set(['localhost', '127.0.0.1', '::1', ...names])], systemClock.now());
}

function folderOf({ data }: Options): string {
  return join(data, 'certificates');
}

const DIRECTORIES: Readonly<Record<string, string>> = {
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

function acmeSettings(options: Options): AcmeSettings {
  const { acmeAccountKeyId: keyId, acmeAccountMacKey: macKey } = options;
  return {
    directory: DIRECTORIES[options.acmeDirectory] ?? options.acmeDirectory,
    authorityFile: options.acmeAuthorityFile,
    names: acmeNamesOf(options),
    email: options.acmeEmail,
    challenge: options.acmeChallenge,
    dnsCommand: options.acmeDnsCommand,
    binding: keyId === null || macKey === null ? null : { keyId, macKey },
    folder: join(folderOf(options), 'acme'),
  };
}

function renewByAcme(settings: AcmeSettings, { log, onRenewed }: { log: CertificateLog; onRenewed(): Promise<void> }) {
  const places = placesOf(settings);
  return keepRenewed({
    places,
    order: () => orderCertificate(settings, createProofs(places.proofs)),
    async claim(signal) {
      await mkdir(settings.folder, { recursive: true, mode: 0o700 });
      return claimOneOf(places.lock, 1, signal);
    },
    onRenewed,
    now: () => systemClock.now(),
    random: Math.random,
    log,
  });
}

function hostOf(publicUrl: string): string {
  return new URL(publicUrl).hostname.replace(/^\[|\]$/g, '');
}
