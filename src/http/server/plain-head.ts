/**
 * Requests in the one form in which nearly all arrive: whole, in one piece, in the words on which all parsers agree.
 * Whatever differs in any way is left to Node's parser. https://www.rfc-editor.org/rfc/rfc9112#section-2.1
 */
export interface PlainHead {
  /** As sent: path and query in origin form. */
  readonly target: string;
  readonly fields: PlainFields;
  /** A GET that asks for the whole of something, with nothing that says who asks but cookies. */
  readonly isSimple: boolean;
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
    return { target, fields: last.fields, isSimple: last.isSimple && method === 'GET' };
  };
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
  return { fields, isSimple: !NOT_SIMPLE.some((name) => fields.has(name)), bodyBytes: Number(length) };
}
