/**
 * The body of a form with a file in it, as browsers send it.
 * https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */

const BOUNDARY = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70})(?=[\s;]|$))/i;
const NAME = /;\s*name="([^"\r\n]*)"/i;
const MOST_PARTS = 100;
const LONGEST_HEAD = 2000;

/** Null where the header names none. */
export function boundaryOf(contentType: string): string | null {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  return quoted ?? plain ?? null;
}

/** Fields by name, files as their text. Null for what is no such body, and for a file that is no UTF-8 text. */
export function parseMultipart(body: Uint8Array, boundary: string): URLSearchParams | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const line = Buffer.from(`\r\n--${boundary}`);
  const fields = new URLSearchParams();
  // What comes before the first boundary has no line end of its own where it is empty.
  let at = bytes.indexOf(line.subarray(2));
  if (at !== 0) return null;
  at += line.length - 2;
  for (let parts = 0; parts < MOST_PARTS; parts += 1) {
    if (bytes.subarray(at, at + 2).equals(Buffer.from('--'))) return fields;
    if (!bytes.subarray(at, at + 2).equals(Buffer.from('\r\n'))) return null;
    const end = bytes.indexOf(line, at);
    const head = bytes.indexOf('\r\n\r\n', at);
    if (end < 0 || head < 0 || head > end || head - at > LONGEST_HEAD) return null;
    const name = readText(bytes.subarray(at, head + 2));
    const [, field] = name === null ? [] : (NAME.exec(disposition(name)) ?? []);
    const value = readText(bytes.subarray(head + 4, end));
    if (field === undefined || value === null) return null;
    fields.append(field, value);
    at = end + line.length;
  }
  return null;
}

function disposition(head: string): string {
  return head.split('\r\n').find((each) => /^content-disposition:\s*form-data/i.test(each)) ?? '';
}

function readText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
