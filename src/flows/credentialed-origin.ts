import type { Visitor } from '../domain/visitor.ts';

/**
 * The origin that may read this visitor's answer together with cookies, or null.
 * Only the viewers that the visitor was sent by: any other page may read what everybody may.
 */
export function credentialedOrigin(visitor: Visitor, originHeader: string | null): string | null {
  return originHeader !== null && visitor.origins.has(originHeader) ? originHeader : null;
}
