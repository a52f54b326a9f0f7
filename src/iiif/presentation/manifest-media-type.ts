/**
 * https://iiif.io/api/presentation/3.0/#63-responses
 * https://iiif.io/api/presentation/2.1/#responses
 */
import { documentMediaType } from '../document-media-type.ts';

export const PRESENTATION_CONTEXTS = {
  2: 'http://iiif.io/api/presentation/2/context.json',
  3: 'http://iiif.io/api/presentation/3/context.json',
} as const;

export function manifestMediaType(version: 2 | 3, accept: string | null): string {
  return documentMediaType(version, PRESENTATION_CONTEXTS[version], accept);
}
