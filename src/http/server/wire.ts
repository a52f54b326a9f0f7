import { STATUS_CODES } from 'node:http';
import { takeHeadroom } from '../../lib/headroom.ts';
import type { WholeReply } from './exchange.ts';

/** A whole answer as bytes, with the place of its date. */
interface Wire {
  readonly bytes: Buffer;
  readonly dateAt: number;
  readonly bodyAt: number;
  /** The second that the date tells. */
  second: number;
}

/** The same for all answers of a server. */
export interface WireManner {
  /** How long the connection stays open for the next request. */
  readonly idleSeconds: number;
  /** Fields of every head. */
  readonly always: Readonly<Record<string, string>>;
}

/** What no header field may hold. https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

let second = 0;
let date = '';

/** How long a connection stays open for the next request. */
export const IDLE_SECONDS = 65;

/**
 * A reply with its bytes. They are a part of it, and not looked up by it: a weak map that is old keeps what is put into it
 * until the next look through the whole heap, and a tile is gone long before.
 */
class SealedReply implements WholeReply {
  readonly status: number;
  readonly headers: WholeReply['headers'];
  readonly body: WholeReply['body'];
  readonly #wire: Wire;

  constructor({ status, headers, body }: WholeReply, wire: Wire) {
    this.status = status;
    this.headers = headers;
    this.body = body === null ? null : wire.bytes.subarray(wire.bodyAt);
    this.#wire = wire;
  }

  /** Null for a reply that is not sealed, or was changed since. */
  static wireOf(reply: WholeReply): Wire | null {
    return #wire in reply ? reply.#wire : null;
  }
}

/** The same reply, written as it goes over the wire: its body is a part of that, so that there is one copy of it. */
export function sealReply(reply: WholeReply, manner: WireManner): WholeReply {
  return new SealedReply(reply, write(reply, manner));
}

/** A reply that is sent again and again is sealed: then only its date changes, which is not worth a copy of a whole tile. */
export function wireOf(reply: WholeReply, manner: WireManner, now: number): Uint8Array {
  const wire = SealedReply.wireOf(reply) ?? write(reply, manner);
  const at = Math.floor(now / 1000);
  if (at !== second) {
    second = at;
    date = new Date(now).toUTCString();
  }
  if (wire.second !== at) {
    wire.bytes.write(date, wire.dateAt, 'latin1');
    wire.second = at;
  }
  return wire.bytes;
}

function write({ status, headers, body }: WholeReply, { idleSeconds, always }: WireManner): Wire {
  const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? Buffer.alloc(0));
  const hasLength = status !== 304 && status !== 204;
  const fields = Object.entries({ ...always, ...headers }).flatMap(([name, value]) => [value].flat().map((each) => field(name, each)));
  const length = hasLength ? `content-length: ${bytes.length}\r\n` : '';
  const before = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nx-content-type-options: nosniff\r\n${fields.join('')}${length}Date: `;
  const after = `\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${idleSeconds}\r\n\r\n`;
  const head = before + new Date(0).toUTCString() + after;
  const whole = (hasLength ? takeHeadroom(bytes, head.length) : null) ?? joined(head.length, hasLength ? bytes : NOTHING);
  whole.write(head, 0, 'latin1');
  return { bytes: whole, dateAt: before.length, bodyAt: head.length, second: 0 };
}

const NOTHING = new Uint8Array(0);

function joined(before: number, bytes: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafeSlow(before + bytes.length);
  whole.set(bytes, before);
  return whole;
}

function field(name: string, value: string): string {
  if (NOT_A_VALUE.test(value)) throw new TypeError(`the header field ${name} cannot be written`);
  return `${name}: ${value}\r\n`;
}
