import { z } from 'zod';
import type { OptionFacts, OptionRow } from './option-kinds.ts';

/** An image server behind the gateway. */
export interface UpstreamSettings {
  /** What identifiers of it begin with, before a slash; empty where it is the only one. */
  readonly prefix: string;
  /** What stands before the identifier in its URIs: ends with `/`, or with `=` in a query. Without credentials. */
  readonly url: string;
  /** Of the Image API, as it is given on. */
  readonly version: 2 | 3;
  /** Whether it speaks 1.0 or 1.1 itself. */
  readonly isOfVersion1?: boolean;
  /** How it wants a slash within identifiers: `%2F`, or what it has instead. */
  readonly slash: string;
  /** Sent with every request to it, and to nobody else. */
  readonly headers: Readonly<Record<string, string>>;
  /** What its own documents call it: like `url`, where that differs. */
  readonly knownAs: readonly string[];
  /** What the URIs of its manifests begin with; ends with `/`. Null where it has none to give on. */
  readonly manifests: string | null;
}

const PREFIX = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const HEADER_TEXT = /^[\x20-\x7e]{1,8000}$/;
/** Which are for the connection, or ours to set. */
const OWN_HEADERS =
  /^(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer|keep-alive|expect|accept-encoding|if-none-match|if-modified-since|range)$/i;

const ADDRESS = z.string().refine((given) => parseBase(given) !== null);
const ONE = z.strictObject({
  url: ADDRESS,
  version: z.literal([1, 2, 3]).optional(),
  slash: z
    .string()
    .regex(/^(?:%2F|[!$*;:@~+=]{1,3})$/)
    .optional(),
  headers: z
    .record(
      z
        .string()
        .regex(HEADER_NAME)
        .refine((name) => !OWN_HEADERS.test(name)),
      z.string().regex(HEADER_TEXT),
    )
    .optional(),
  knownAs: z.union([ADDRESS.transform((one) => [one]), z.array(ADDRESS)]).optional(),
  manifests: ADDRESS.refine((given) => !given.includes('?')).optional(),
});

/** One image server, or several by prefix. A secret: it may hold credentials. */
export function upstreams(facts: OptionFacts): OptionRow<readonly UpstreamSettings[]> {
  return {
    placeholder: 'url',
    ...facts,
    secret: true,
    default: [],
    expects:
      'the address before the identifier in the URIs of an image server, such as http://127.0.0.1:8182/iiif/3; in the options file also a map with url, version, slash and headers, or such addresses and maps by prefix',
    defaultText: '',
    fromText: (given) => given,
    schema: z.union([
      ADDRESS.transform((url) => [settingsOf('', { url })]),
      ONE.transform((one) => [settingsOf('', one)]),
      z
        .record(
          z
            .string()
            .regex(PREFIX)
            .refine((prefix) => !Object.hasOwn(ONE.shape, prefix)),
          z.union([ADDRESS, ONE]),
        )
        .refine((given) => Object.keys(given).length > 0)
        .transform((given) =>
          Object.entries(given).map(([prefix, one]) => settingsOf(prefix, typeof one === 'string' ? { url: one } : one)),
        ),
    ]),
  };
}

function settingsOf(prefix: string, given: z.infer<typeof ONE>): UpstreamSettings {
  const { headers = {}, slash = '%2F', knownAs = [], manifests } = given;
  const base = getBase(given.url);
  const version = given.version ?? base.version;
  return {
    prefix,
    url: base.url,
    version: version === 3 ? 3 : 2,
    ...(version === 1 ? { isOfVersion1: true } : {}),
    headers: { ...base.headers, ...headers },
    slash,
    knownAs: knownAs.map((each) => getBase(each).url),
    manifests: manifests === undefined ? null : getBase(manifests).url,
  };
}

function getBase(given: string) {
  const base = parseBase(given);
  if (base === null) throw new TypeError('an address was checked and is none');
  return base;
}

/** Null for what is no address of an image server. The version that its path names, as `/iiif/3` does; else 2. */
function parseBase(given: string): Pick<UpstreamSettings, 'url' | 'version' | 'headers'> | null {
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given) || given.includes('#')) return null;
  const url = new URL(given);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (given.includes('?') && !given.endsWith('=')) return null;
  if (!given.includes('?')) url.pathname = url.pathname.replace(/\/*$/, '/');
  return { url: url.href, version: /\/3\/$/.test(url.pathname) ? 3 : 2, headers: credentialsOf(username, password) };
}

function credentialsOf(username: string, password: string): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = [username, password].map((part) => decodeURIComponent(part.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'))).join(':');
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
