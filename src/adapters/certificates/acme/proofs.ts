import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from '../certificate.ts';
import { readPemFile, writePemFile, writePrivateFile } from '../pem-file.ts';

/**
 * What an authority looks for, in files, so that whichever process and instance it comes to can show it.
 * https://www.rfc-editor.org/rfc/rfc8555#section-8.3, https://www.rfc-editor.org/rfc/rfc8737#section-3
 */
export interface Proofs {
  /** By the token of http-01; null for none. */
  textOf(token: string): Promise<string | null>;
  /** By the name of tls-alpn-01; null for none. */
  certificateOf(name: string): Promise<Certificate | null>;
  putText(token: string, text: string): Promise<void>;
  putCertificate(name: string, certificate: Certificate): Promise<void>;
  /** All of them. Only whoever holds the lock may. */
  clear(): Promise<void>;
}

const TOKEN = /^[A-Za-z0-9_-]{1,256}$/;
const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,252})$/;

export function createProofs(folder: string): Proofs {
  const textFile = (token: string) => join(folder, `http-${mustFit(TOKEN, token)}`);
  const certificateFile = (name: string) => join(folder, `tls-${mustFit(NAME, name)}.pem`);
  return {
    textOf: async (token) => (TOKEN.test(token) ? readFile(textFile(token), 'utf8').catch(() => null) : null),
    certificateOf: async (name) => (NAME.test(name) ? readPemFile(certificateFile(name)) : null),
    putText: async (token, text) => writePrivateFile(textFile(token), text),
    putCertificate: async (name, certificate) => writePemFile(certificateFile(name), certificate),
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}

function mustFit(pattern: RegExp, text: string): string {
  if (!pattern.test(text)) throw new Error('The authority asks for a proof with a name that it may not have.');
  return text;
}
