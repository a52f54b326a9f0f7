import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { StartProblem } from '../../config/start-problem.ts';
import type { Certificate } from './certificate.ts';

/**
 * A certificate (with those between it and its authority, if any) and its key, from PEM files.
 *
 * @throws StartProblem with a sentence that names the file at fault: the words of OpenSSL name neither file nor reason.
 */
export async function readCertificate(certificateFile: string, keyFile: string): Promise<Certificate> {
  const [cert, key] = [await readFile(certificateFile, 'utf8'), await readFile(keyFile, 'utf8')];
  const certificate = parseCertificate(cert, certificateFile);
  if (!certificate.checkPrivateKey(parseKey(key, keyFile))) {
    throw new StartProblem([`The key in ${keyFile} does not belong to the certificate in ${certificateFile}.`]);
  }
  return { cert, key };
}

function parseCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new StartProblem([`${file} holds no certificate in PEM form, which begins with "-----BEGIN CERTIFICATE-----".`], 1, { cause });
  }
}

function parseKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const encrypted = /ENCRYPTED/.test(pem);
    const sentence = encrypted
      ? `The key in ${file} is encrypted; give one without a passphrase, readable by this account only.`
      : `${file} holds no private key in PEM form, which begins with "-----BEGIN PRIVATE KEY-----".`;
    throw new StartProblem([sentence], 1, { cause });
  }
}
