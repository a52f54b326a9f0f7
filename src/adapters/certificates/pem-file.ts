import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Certificate } from './certificate.ts';

const KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----\n?/;
const CERTIFICATES = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g;

/** A certificate and its key from one file of ours; null where there is none, or none that is whole. */
export async function readPemFile(file: string): Promise<Certificate | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const key = KEY.exec(text)?.[0];
  const cert = text.match(CERTIFICATES)?.join('');
  return key === undefined || cert === undefined || !belongTogether(cert, key) ? null : { key, cert };
}

function belongTogether(cert: string, key: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** Whole or not at all, and readable by its owner only. */
export async function writePemFile(file: string, { key, cert }: Certificate): Promise<void> {
  await writePrivateFile(file, withNewline(key) + withNewline(cert));
}

/** Likewise, any text. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  await chmod(draft, 0o600);
  await rename(draft, file);
}

function withNewline(pem: string): string {
  return pem.endsWith('\n') ? pem : `${pem}\n`;
}
