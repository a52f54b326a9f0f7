import type { WholeReply } from './exchange.ts';
import { createOutbox, type OutboxPlace } from './outbox.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';
import { type BegunReply, sendChunks } from './streamed-body.ts';
import type { Line, Outgoing } from './transport.ts';

/** Writes replies, and bounds what readers who take them slowly can hold. */
export interface Sender {
  /** Writes the reply, or that of `busy` where there is no memory to hold this one. Tells what was written. */
  send(to: Recipient, reply: WholeReply, busy: () => WholeReply): Written;
  /** Writes a reply from a file, as it is taken. Rejects where the file ends early. */
  stream(to: Recipient, reply: BegunReply): Promise<Written>;
}

export interface Written {
  readonly status: number;
  readonly bytes: number;
}

export interface Recipient {
  readonly response: Outgoing;
  /** Of the request. The response has one when its turn on the connection has come. */
  readonly socket: Line;
  readonly headOnly: boolean;
}

/** Bodies of images that are not read fast enough; two of the largest with room to spare. */
const LARGE_BODIES_BYTES = 256_000_000;
/** Tiles, documents and pages have room of their own, so that large bodies never stand in their way. */
const SMALL_BODIES_BYTES = 64_000_000;
const SMALL_BODY_BYTES = 512 * 1024;
/** Handed over piece by piece: the pace of the reader shows. */
const PIECE_BYTES = 64 * 1024;

type Headers = Readonly<Record<string, string>>;

export interface SenderLimits {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** A reader who takes nothing of a body in memory for so long has gone, or means no good. */
  readonly stalledSeconds: number;
  /** The same for a file: it is held open for no purpose. A player that paused asks again. */
  readonly fileStalledSeconds: number;
}

const LIMITS: SenderLimits = { now: () => performance.now(), stalledSeconds: 30, fileStalledSeconds: 120 };

/** `always`: what every answer has in its head. */
export function createSender(always: Headers = {}, { now, stalledSeconds, fileStalledSeconds }: SenderLimits = LIMITS): Sender {
  const large = createOutbox({ bytes: LARGE_BODIES_BYTES, now });
  const small = createOutbox({ bytes: SMALL_BODIES_BYTES, now });

  function take(body: Uint8Array, cut: () => void): OutboxPlace | null {
    return (body.length <= SMALL_BODY_BYTES ? small : large).take(body, cut);
  }

  function withAll<R extends Pick<WholeReply, 'headers'>>(reply: R): R {
    return { ...reply, headers: { ...always, ...reply.headers } };
  }

  return {
    send(to, reply, busy) {
      const { response, socket } = to;
      const body = bytesOf(reply);
      const written = { status: reply.status, bytes: body?.length ?? 0 };
      // Nothing more would be heard of it.
      if (response.destroyed || socket.destroyed) return { ...written, bytes: 0 };
      writeHead(response, withAll(reply), body?.length ?? 0);
      if (body === null || body.length === 0 || to.headOnly) {
        response.end();
        return written;
      }
      const place = take(body, () => socket.destroy());
      if (place === null) return sendBusy(to, withAll(busy()), stalledSeconds);
      handOver(to, body, place, stalledSeconds);
      return written;
    },

    async stream({ response, socket }, reply) {
      const { status } = reply;
      if (response.destroyed || socket.destroyed) {
        await reply.chunks?.close();
        return { status, bytes: 0 };
      }
      writeHead(response, withAll(reply), reply.bytes);
      return { status, bytes: await sendChunks(response, reply, fileStalledSeconds) };
    },
  };
}

/** Instead of an answer whose head is there already. A sentence or two: it needs no place. */
function sendBusy(to: Recipient, reply: WholeReply, stalledSeconds: number): Written {
  for (const name of to.response.getHeaderNames()) if (name !== REQUEST_ID_HEADER) to.response.removeHeader(name);
  const body = bytesOf(reply) ?? new Uint8Array(0);
  writeHead(to.response, reply, body.length);
  handOver(to, body, NO_PLACE, stalledSeconds);
  return { status: reply.status, bytes: body.length };
}

const NO_PLACE: OutboxPlace = { sent: () => {}, leave: () => {} };

/** Null for answers that never have a body. */
function bytesOf({ status, body }: WholeReply): Uint8Array | null {
  if (status === 304 || status === 204 || body === null) return null;
  return typeof body === 'string' ? Buffer.from(body) : body;
}

function writeHead(response: Outgoing, { status, headers }: Pick<WholeReply, 'status' | 'headers'>, bytes: number | null): void {
  response.statusCode = status;
  response.setHeader('x-content-type-options', 'nosniff');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value as string | string[]);
  if (bytes !== null && status !== 304 && status !== 204) response.setHeader('content-length', bytes);
}

/** Writes the body as fast as it is taken, and ends the connection when it is not taken at all. */
function handOver({ response, socket }: Recipient, body: Uint8Array, place: OutboxPlace, stalledSeconds: number): void {
  const stalled = setTimeout(() => socket.destroy(), stalledSeconds * 1000);
  response.once('close', () => {
    clearTimeout(stalled);
    place.leave();
  });

  let at = 0;
  const writeNext = (): void => {
    place.sent(at);
    stalled.refresh();
    const piece = body.subarray(at, at + PIECE_BYTES);
    at += piece.length;
    if (at >= body.length) response.end(piece);
    else response.write(piece, (error) => (error ? undefined : writeNext()));
  };
  writeNext();
}
