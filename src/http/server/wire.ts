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

const wires = new WeakMap<WholeReply, Wire>();

/** What no header field may hold. https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

let second = 0;
let date = '';

/** How long a connection stays open for the next request. */
export const IDLE_SECONDS = 65;

/** The same reply, written as it goes over the wire: its body is a part of that, so that there is one copy of it. */
export function sealReply(reply: WholeReply, manner: WireManner): WholeReply {
  const wire = write(reply, manner);
  const sealed = reply.body === null ? { ...reply } : { ...reply, body: wire.bytes.subarray(wire.bodyAt) };
  wires.set(sealed, wire);
  return sealed;
}

/**
 * A reply that is sent again and again, written once. Only its date changes, which is not worth a copy of a whole tile.
 */
export function wireOf(reply: WholeReply, manner: WireManner, now: number): Uint8Array {
  const wire = wires.get(reply) ?? write(reply, manner);
  wires.set(reply, wire);
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
