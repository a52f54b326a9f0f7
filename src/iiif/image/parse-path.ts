/**
 * The path of an Image API URI, from its base on: split at the slashes first, decoded afterwards, once.
 * https://iiif.io/api/image/3.0/#2-uri-syntax and https://iiif.io/api/image/3.0/#9-uri-encoding-and-decoding
 * https://iiif.io/api/image/2.1/#uri-syntax and https://iiif.io/api/image/2.1/#uri-encoding-and-decoding
 */
import { isRefusal, type Refusal, refuse } from '../../lib/problems.ts';
import { parseQualityAndFormat, parseRegion, parseRotation, parseSize } from './parse-parameters.ts';
import type { ImageApiVersion, ImageRequest } from './request.ts';

export type ParsedPath =
  | { readonly kind: 'base'; readonly identifier: string }
  | { readonly kind: 'information'; readonly identifier: string }
  | { readonly kind: 'image'; readonly request: ImageRequest };

export interface IdentifierOptions {
  /** Punctuation that stands for a slash in identifiers besides `%2F`, for proxies that do not let `%2F` through; null for nothing. */
  readonly slashSubstitute: string | null;
}

/** Characters of the raw path; HTTP servers in front of us rarely let more through. */
const MAX_PATH_LENGTH = 8_192;
/** Characters of a decoded identifier. */
const MAX_IDENTIFIER_LENGTH = 1_024;

/** What a URI never holds unescaped. Stricter than browsers, looser than RFC 3986: `^max` is sent as it stands. */
const NEVER_RAW = /[^\x21-\x7e]|[?#\\]/;
const CONTROL = /\p{Cc}/u;

const TOO_LONG = refuse('image.identifier', 'The path is longer than this server reads.');
const NOT_ENCODED = refuse('image.identifier', 'The path holds characters that must be percent-encoded.');
const BAD_ENCODING = refuse('image.identifier', 'The identifier is not valid percent-encoded UTF-8.');
const BAD_IDENTIFIER = refuse(
  'image.identifier',
  'The identifier is a path of names: without empty or dotted names, backslashes or control characters.',
);
/** A path with too few or too many segments: of neither request syntax, nor the base URI. */
export const NO_REQUEST_SYNTAX = refuse(
  'image.identifier',
  'The path is {identifier}/info.json or {identifier}/{region}/{size}/{rotation}/{quality}.{format}; slashes within the identifier are written %2F.',
);

/**
 * What follows `/iiif/{version}/`, as sent: percent-encoded, without query.
 * Parameters may be percent-encoded too (§9: it introduces no ambiguity), so `%5Emax` is `^max`.
 */
export function parseImagePath(rawPath: string, version: ImageApiVersion, options: IdentifierOptions): ParsedPath | Refusal {
  if (rawPath.length > MAX_PATH_LENGTH) return TOO_LONG;
  if (NEVER_RAW.test(rawPath)) return NOT_ENCODED;
  const [first = '', ...rest] = rawPath.split('/');
  const identifier = parseIdentifier(first, options);
  if (isRefusal(identifier)) return identifier;
  if (rest.length === 0) return { kind: 'base', identifier };
  if (rest.length === 1 && decode(rest[0] ?? '') === 'info.json') return { kind: 'information', identifier };
  if (rest.length !== 4) return NO_REQUEST_SYNTAX;
  return parseParameters(identifier, version, rest);
}

function parseParameters(identifier: string, version: ImageApiVersion, segments: readonly string[]): ParsedPath | Refusal {
  // What cannot be decoded becomes empty, which no parameter accepts.
  const [regionText = '', sizeText = '', rotationText = '', lastText = ''] = segments.map((segment) => decode(segment) ?? '');
  const region = parseRegion(regionText);
  if (isRefusal(region)) return region;
  const size = parseSize(sizeText, version);
  if (isRefusal(size)) return size;
  const rotation = parseRotation(rotationText);
  if (isRefusal(rotation)) return rotation;
  const last = parseQualityAndFormat(lastText);
  if (isRefusal(last)) return last;
  return { kind: 'image', request: { version, identifier, region, size, rotation, quality: last.quality, format: last.format } };
}

/** One segment of a URI, as sent. A substitute that is sent unescaped is a slash; escaped, it is itself. */
export function parseIdentifier(raw: string, { slashSubstitute }: IdentifierOptions): string | Refusal {
  const parts = slashSubstitute === null ? [raw] : raw.split(slashSubstitute);
  const decoded = parts.map(decode);
  if (!decoded.every((part) => part !== null)) return BAD_ENCODING;
  const text = decoded.join('/');
  return isHarmless(text) ? text : BAD_IDENTIFIER;
}

function isHarmless(identifier: string): boolean {
  if (identifier.length > MAX_IDENTIFIER_LENGTH || identifier.includes('\\') || CONTROL.test(identifier)) return false;
  return identifier.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

/** Null for stray percent signs and for what is not UTF-8, overlong forms and surrogates among it. */
function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/**
 * An identifier as one segment of a URI. Only what §9 wants encoded is, and what is unsafe in a URI anyway: `:`, `,` and
 * `;` stay readable, as in the examples of the specification.
 */
export function encodeIdentifier(identifier: string, slashSubstitute: string | null): string {
  return identifier
    .split('/')
    .map((name) => encodeName(name, slashSubstitute))
    .join(slashSubstitute ?? '%2F');
}

function encodeName(name: string, slashSubstitute: string | null): string {
  const encoded = encodeURIComponent(name).replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%3B', ';');
  // Each character of it, for `~` before `~~` would otherwise move the slash.
  return Array.from(slashSubstitute ?? '').reduce((text, character) => text.replaceAll(character, percentEncode(character)), encoded);
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
