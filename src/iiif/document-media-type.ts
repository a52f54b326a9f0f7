/**
 * Content negotiation, by the same rules in both APIs.
 * https://iiif.io/api/image/3.0/#51-image-information-request and https://iiif.io/api/image/2.1/#image-information-request
 * https://iiif.io/api/presentation/3.0/#63-responses and https://iiif.io/api/presentation/2.1/#responses
 */
const JSON_LD = 'application/ld+json';
const PLAIN_JSON = 'application/json';

/**
 * The media type of a document of the Image or Presentation API, of which `context` is the URI of its own context.
 * 3.0: JSON-LD, unless the client would rather have plain JSON. 2.1: plain JSON, unless the client names JSON-LD.
 * A client that accepts neither gets the default of the version.
 */
export function documentMediaType(version: 2 | 3, context: string, accept: string | null): string {
  const ranges = parseAccept(accept ?? '');
  const linked = preferenceFor(JSON_LD, ranges);
  const plain = preferenceFor(PLAIN_JSON, ranges);
  if (version === 2) return linked.named && linked.weight > 0 && linked.weight >= plain.weight ? JSON_LD : PLAIN_JSON;
  const unwanted = linked.named && linked.weight === 0;
  return unwanted || plain.weight > linked.weight ? PLAIN_JSON : `${JSON_LD};profile="${context}"`;
}

interface AcceptRange {
  readonly mediaType: string;
  readonly weight: number;
}

/** Longer than any client sends; what is longer counts as absent. */
const MAX_ACCEPT_LENGTH = 2_000;
const RANGE = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g;
const PARAMETER = /(?:[^;"]|"(?:[^"\\]|\\.)*")+/g;
const WEIGHT = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/** Parameters other than the weight are hints about the same document, and do not narrow the range. RFC 9110 §12.5.1 */
function parseAccept(accept: string): readonly AcceptRange[] {
  if (accept.length > MAX_ACCEPT_LENGTH) return [];
  return (accept.match(RANGE) ?? []).flatMap((range) => {
    const [mediaType = '', ...parameters] = (range.match(PARAMETER) ?? []).map((part) => part.trim());
    const weight = parameters.find((parameter) => /^q=/i.test(parameter)) ?? 'q=1';
    const found = WEIGHT.exec(weight)?.[1];
    return found === undefined ? [] : [{ mediaType: mediaType.toLowerCase(), weight: Number(found) }];
  });
}

/** The most specific range decides, and of several alike the most willing. */
function preferenceFor(mediaType: string, ranges: readonly AcceptRange[]): { readonly weight: number; readonly named: boolean } {
  for (const candidate of [mediaType, 'application/*', '*/*']) {
    const weights = ranges.filter((range) => range.mediaType === candidate).map((range) => range.weight);
    if (weights.length > 0) return { weight: Math.max(...weights), named: candidate === mediaType };
  }
  return { weight: 0, named: false };
}
