import type { PlainRequest } from './exchange.ts';

/**
 * Requests in the one form in which nearly all arrive: whole, in one piece, in the words on which all parsers agree.
 * Whatever differs in any way is left to Node's parser. https://www.rfc-editor.org/rfc/rfc9112#section-2.1
 */
export interface PlainHead {
  /** As sent: path and query in origin form. */
  readonly target: string;
  readonly fields: PlainFields;
  /** The same for all requests of a connection that have the same fields: for what is read from these once. */
  readonly beside: Beside;
  /** A GET that asks for the whole of something, with nothing that says who asks but cookies. */
  readonly isSimple: boolean;
}

export interface Beside {
  request?: Omit<PlainRequest, 'path'>;
}

/** Names in lower case; none twice. */
export type PlainFields = ReadonlyMap<string, string>;

const START = /^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE) (\/[\x21-\x7e]*) HTTP\/1\.1\r\n/;
const END = '\r\n\r\n';
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const LENGTH = /^(?:0|[1-9]\d{0,6})$/;
/** Fewer than Node takes. */
const MOST_FIELDS = 64;

/** With these, it takes more to know where the request ends, or the connection. */
const NOT_PLAIN = new Set(['transfer-encoding', 'te', 'trailer', 'proxy-connection', 'upgrade', 'expect', 'http2-settings']);
const NOT_SIMPLE = ['content-length', 'range', 'if-range', 'if-match', 'if-unmodified-since', 'authorization'];

interface Parsed {
  readonly fields: PlainFields;
  readonly beside: Beside;
  readonly isSimple: boolean;
  readonly bodyBytes: number;
}

/**
 * Reads one connection's requests. A browser repeats its header fields from one tile to the next, so that the last ones
 * that were read are known again by their text.
 */
export function createPlainReader(): (chunk: Buffer) => PlainHead | null {
  let lastText: string | null = null;
  let last: Parsed | null = null;

  return (chunk) => {
    const text = chunk.toString('latin1');
    const [line = '', method, target = ''] = START.exec(text) ?? [];
    const end = text.indexOf(END);
    if (line === '' || end < line.length) return null;
    const fieldText = text.slice(line.length, end);
    if (fieldText !== lastText) {
      last = parseFields(fieldText);
      lastText = fieldText;
    }
    if (last === null || text.length !== end + END.length + last.bodyBytes) return null;
    return { target, fields: last.fields, beside: last.beside, isSimple: last.isSimple && method === 'GET' };
  };
}

/**
 * The same of HTTP/2, where a request comes as pairs: only a GET without a body. Reads one connection's requests.
 * `raw`: names and values in turn. https://www.rfc-editor.org/rfc/rfc9113#section-8.3.1
 */
export function createPairReader(): (raw: readonly string[]) => PlainHead | null {
  let lastPairs: readonly string[] = [];
  let last: PlainFields | null = null;
  let beside: Beside = {};

  return (raw) => {
    let [method, target] = ['', ''];
    const pairs: string[] = [];
    for (let at = 0; at < raw.length; at += 2) {
      const [name = '', value = ''] = [raw[at], raw[at + 1]];
      if (name === ':method') method = value;
      else if (name === ':path') target = value;
      else pairs.push(name, value);
    }
    if (method !== 'GET' || !TARGET.test(target)) return null;
    if (pairs.length !== lastPairs.length || pairs.some((text, at) => text !== lastPairs[at])) {
      last = fieldsOf(pairs);
      beside = {};
      lastPairs = pairs;
    }
    return last === null ? null : { target, fields: last, beside, isSimple: true };
  };
}

const TARGET = /^\/[\x21-\x7e]*$/;

/** Null where there is more to them. Cookies may come one by one. https://www.rfc-editor.org/rfc/rfc9113#section-8.2.3 */
function fieldsOf(pairs: readonly string[]): PlainFields | null {
  const fields = new Map<string, string>();
  for (let at = 0; at < pairs.length; at += 2) {
    const [name = '', value = ''] = [pairs[at], pairs[at + 1]];
    if (name === ':scheme') continue;
    const key = name === ':authority' ? 'host' : name;
    const known = fields.get(key);
    if (!NAME.test(key) || !VALUE.test(value) || NOT_PLAIN.has(key) || (known !== undefined && key !== 'cookie')) return null;
    fields.set(key, known === undefined ? value : `${known}; ${value}`);
  }
  const isSimple = fields.has('host') && fields.size <= MOST_FIELDS && !NOT_SIMPLE.some((name) => fields.has(name));
  return isSimple ? fields : null;
}

function parseFields(text: string): Parsed | null {
  const lines = text.split('\r\n');
  if (lines.length > MOST_FIELDS) return null;
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (!NAME.test(name) || !VALUE.test(value) || fields.has(name) || NOT_PLAIN.has(name)) return null;
    fields.set(name, value);
  }
  const length = fields.get('content-length') ?? '0';
  const stays = (fields.get('connection') ?? 'keep-alive').toLowerCase() === 'keep-alive';
  if (!stays || !fields.has('host') || !LENGTH.test(length)) return null;
  return { fields, beside: {}, isSimple: !NOT_SIMPLE.some((name) => fields.has(name)), bodyBytes: Number(length) };
}
