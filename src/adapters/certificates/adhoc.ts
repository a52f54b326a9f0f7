import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Certificate } from './certificate.ts';
import { readPemFile, writePemFile } from './pem-file.ts';

const LIFETIME_DAYS = 365;
/** A certificate that ends within this time is made anew at the start. */
const RENEW_WITHIN_DAYS = 30;
const DAY_MILLISECONDS = 86_400_000;

/**
 * A certificate of our own for these names, kept in the folder, so that a browser that was told to trust it goes on to.
 * Made anew when it ends soon or lacks a name.
 */
export async function adhocCertificate(folder: string, names: readonly string[], now: Date): Promise<Certificate> {
  const file = join(folder, 'adhoc.pem');
  const kept = await readPemFile(file);
  if (kept !== null && isGood(kept, names, now)) return kept;

  const made = await make(names, now);
  await writePemFile(file, made);
  return made;
}

function isGood(kept: Certificate, names: readonly string[], now: Date): boolean {
  try {
    const certificate = new X509Certificate(kept.cert);
    const ends = new Date(certificate.validTo).getTime();
    const covers = (name: string) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined;
    return ends - now.getTime() > RENEW_WITHIN_DAYS * DAY_MILLISECONDS && names.every(covers);
  } catch {
    return false;
  }
}

async function make(names: readonly string[], now: Date): Promise<Certificate> {
  const { generate } = await import('selfsigned');
  const pems = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - DAY_MILLISECONDS),
    notAfterDate: new Date(now.getTime() + LIFETIME_DAYS * DAY_MILLISECONDS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })) },
    ],
  });
  return { cert: withNewline(pems.cert), key: withNewline(pems.private) };
}

function withNewline(pem: string): string {
  return pem.endsWith('\n') ? pem : `${pem}\n`;
}
