import { createHash } from 'node:crypto';
import { join } from 'node:path';

export type AcmeChallenge = 'http-01' | 'tls-alpn-01' | 'dns-01';

/** How certificates are got from an authority. https://www.rfc-editor.org/rfc/rfc8555 */
export interface AcmeSettings {
  /** The URL of the authority's directory. */
  readonly directory: string;
  /** PEM file: who vouches for the authority's own https; null for the usual ones. */
  readonly authorityFile: string | null;
  readonly names: readonly string[];
  readonly email: string | null;
  readonly challenge: AcmeChallenge;
  /** The program that writes and removes TXT records, for dns-01. */
  readonly dnsCommand: string | null;
  /** Of an account that exists at the authority already (§7.3.4). */
  readonly binding: { readonly keyId: string; readonly macKey: string } | null;
  /** Where account, certificates and proofs are kept. */
  readonly folder: string;
}

export interface AcmePlaces {
  readonly account: string;
  /** Of these names at this authority: other settings have another one. */
  readonly certificate: string;
  /** When it was tried last, and how often in vain. */
  readonly attempts: string;
  readonly proofs: string;
  readonly lock: string;
}

export function placesOf({ folder, directory, names, binding }: AcmeSettings): AcmePlaces {
  const own = `${(names[0] ?? '').replace('*', 'any')}-${digest([directory, ...names].join('\n'))}`;
  return {
    account: join(folder, `account-${digest([directory, binding?.keyId ?? ''].join('\n'))}.pem`),
    certificate: join(folder, `${own}.pem`),
    attempts: join(folder, `${own}.attempts.json`),
    proofs: join(folder, 'proofs'),
    lock: join(folder, 'lock'),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
