import type { Randomness, Signer } from '../domain/ports.ts';
import type { SessionId } from '../domain/session.ts';
import { decodeBase64Url, encodeBase64Url } from '../lib/base64url.ts';

/** What a signed path stands for, besides its item, which is in the path itself. */
export interface PathClaims {
  readonly sessionId: SessionId;
  /** The one access service of the token that it was got with. */
  readonly service: string;
  /** Of the viewer. */
  readonly origin: string;
  readonly expiresAt: Date;
}

export interface SigningDeps {
  readonly signer: Signer;
  readonly randomness: Randomness;
}

const PURPOSE = 'signed-path';
/** Long enough for the longest origin, and for a service that is named after the item with the longest path, in base64. */
const WRITTEN = /^([A-Za-z0-9_-]{1,6000})\.([A-Za-z0-9_-]{43})$/;

/** One path segment. The claims can be read by anyone who has it; the signature is over the identifier too. */
export function writeSignedPath({ signer }: Pick<SigningDeps, 'signer'>, claims: PathClaims, identifier: string): string {
  const seconds = Math.floor(claims.expiresAt.getTime() / 1000);
  const written = encodeBase64Url([claims.sessionId, claims.service, claims.origin, seconds].join('\n'));
  return `${written}.${signer.sign(PURPOSE, `${written}\n${identifier}`)}`;
}

/** Null for what this server has not signed for this item. Whether it still counts is not looked at. */
export function readSignedPath({ signer, randomness }: SigningDeps, text: string, identifier: string): PathClaims | null {
  const [, written, signature] = WRITTEN.exec(text) ?? [];
  if (written === undefined || signature === undefined) return null;
  if (!randomness.equal(signature, signer.sign(PURPOSE, `${written}\n${identifier}`))) return null;
  const [sessionId = '', service = '', origin = '', seconds = ''] = decodeBase64Url(written)?.split('\n') ?? [];
  return { sessionId: sessionId as SessionId, service, origin, expiresAt: new Date(Number(seconds) * 1000) };
}
