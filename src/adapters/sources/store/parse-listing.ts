/** The answer to ListObjectsV2: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */

export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
  readonly modified: Date;
}

export interface StoreListing {
  readonly objects: readonly ListedObject[];
  /** What keys have in common up to the next slash, with it. */
  readonly prefixes: readonly string[];
  /** How to ask for what comes after; null at the end. */
  readonly next: string | null;
}

/** Null for what is no listing, or one that says that there is more and not how to get it. */
export function parseListing(xml: string): StoreListing | null {
  if (!/<ListBucketResult[\s>]/.test(xml)) return null;
  const contents = elementsOf(xml, 'Contents');
  const common = elementsOf(contents.rest, 'CommonPrefixes');
  const own = common.rest;
  const decode = textOf(own, 'EncodingType') === 'url' ? decodeUrl : asIs;
  const objects = contents.bodies.map((body) => parseObject(body, decode));
  const prefixes = common.bodies.map((body) => decode(textOf(body, 'Prefix') ?? ''));
  const isPart = textOf(own, 'IsTruncated') === 'true';
  const next = isPart ? textOf(own, 'NextContinuationToken') : null;
  if (isPart && (next === null || next === '')) return null;
  return { objects: objects.filter((object) => object !== null), prefixes: prefixes.filter((prefix) => prefix !== null), next };
}

/** What is in the elements with a name, and the text without them. */
function elementsOf(xml: string, name: string): { readonly bodies: readonly string[]; readonly rest: string } {
  const [open, close] = [`<${name}>`, `</${name}>`];
  const bodies: string[] = [];
  const rest: string[] = [];
  let at = 0;
  for (;;) {
    const start = xml.indexOf(open, at);
    const end = start < 0 ? -1 : xml.indexOf(close, start);
    if (end < 0) return { bodies, rest: [...rest, xml.slice(at)].join('') };
    bodies.push(xml.slice(start + open.length, end));
    rest.push(xml.slice(at, start));
    at = end + close.length;
  }
}

/** Null for a key that is no text, which nobody can ask for. */
function parseObject(body: string, decode: (text: string) => string | null): ListedObject | null {
  const key = decode(textOf(body, 'Key') ?? '');
  const etag = textOf(body, 'ETag');
  const bytes = Number(textOf(body, 'Size') ?? Number.NaN);
  const modified = new Date(textOf(body, 'LastModified') ?? '');
  const isWhole = key !== null && etag !== null && Number.isSafeInteger(bytes) && bytes >= 0 && !Number.isNaN(modified.getTime());
  return isWhole ? { key, etag, bytes, modified } : null;
}

/** Of the first element with a name. */
function textOf(xml: string, name: string): string | null {
  const start = xml.indexOf(`<${name}>`);
  const end = start < 0 ? -1 : xml.indexOf(`</${name}>`, start);
  return end < 0 ? null : unescaped(xml.slice(start + name.length + 2, end));
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = Number.parseInt(hex ?? decimal, hex === undefined ? 10 : 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** A space is `+` here, as in forms. */
function decodeUrl(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

function asIs(text: string): string {
  return text;
}
