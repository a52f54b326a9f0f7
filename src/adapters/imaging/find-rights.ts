/**
 * A rights URI out of XMP.
 * https://iiif.io/api/presentation/3.0/#rights (also `rights` of https://iiif.io/api/image/3.0/#56-rights)
 */

import { toRightsUri } from '../../iiif/presentation/rights.ts';

/** Where a rights URI may stand, best first: a statement, a licence, a free text that happens to be a URI. */
const PLACES = ['xmpRights:WebStatement', 'cc:license', 'dc:rights'] as const;

/** A URI of Creative Commons or RightsStatements.org in the form that IIIF asks for, or null. */
export function findRights(xmp: string): string | null {
  for (const place of PLACES) {
    for (const value of valuesOf(xmp, place)) {
      const uri = toRightsUri(value);
      if (uri !== null) return uri;
    }
  }
  return null;
}

function* valuesOf(xmp: string, name: string): Generator<string> {
  const attribute = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]{1,300})"|'([^']{1,300})')`, 'g');
  for (const match of xmp.matchAll(attribute)) yield match[1] ?? match[2] ?? '';
  const resource = new RegExp(`<${name}\\s[^>]{0,300}?rdf:resource\\s*=\\s*["']([^"']{1,300})["']`, 'g');
  for (const match of xmp.matchAll(resource)) yield match[1] ?? '';
  const element = new RegExp(`<${name}(?:\\s[^>]{0,300})?>([\\s\\S]{1,2000}?)</${name}>`, 'g');
  for (const match of xmp.matchAll(element)) yield* (match[1] ?? '').split(/<[^>]*>/);
}
