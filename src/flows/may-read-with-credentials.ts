import type { Visitor } from '../domain/visitor.ts';

/**
 * Whether a page of this origin may read the answer that the visitor gets together with cookies. Of somebody known,
 * or at a registered device, only the viewers that sent them to sign in: any other page may read what everybody may. What nobody gets, any page
 * gets without credentials too.
 */
export function mayReadWithCredentials(visitor: Visitor, origin: string | null): boolean {
  const isAnybody = visitor.by === 'nobody' && visitor.devices.size === 0;
  return isAnybody || (origin !== null && visitor.origins.has(origin));
}
