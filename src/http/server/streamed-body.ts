import { Failure, refuse } from '../../lib/problems.ts';
import type { Reply, StreamedBody, WholeReply } from './exchange.ts';
import type { Outgoing } from './transport.ts';

/** A reply of whose body the first chunk is read. */
export interface BegunReply extends Omit<Reply, 'body'> {
  /** Null where nobody knows before the end. */
  readonly bytes: number | null;
  /** Null where nothing of the body is sent. */
  readonly chunks: Chunks | null;
}

interface Chunks {
  next(): Promise<Uint8Array | null>;
  /** Lets go of the file. */
  close(): Promise<void>;
}

/** Of a file each; the chunks in memory are two at most. */
const MOST_STREAMS = 1_000;

/** Bodies on their way from files to readers, never more than a bounded number at once. */
export interface Streams {
  /** Reads the first chunk before anything is sent, so that a file that cannot be read is a problem and not half an answer. */
  begin(method: string, reply: Reply): Promise<WholeReply | BegunReply>;
}

export function createStreams(most: number = MOST_STREAMS): Streams {
  let open = 0;

  async function start(body: StreamedBody): Promise<Chunks> {
    if (open >= most) throw new Failure({ ...TOO_MANY, retryAfterSeconds: 10 }, `${open} files are being sent`);
    open += 1;
    const iterator = body.chunks()[Symbol.asyncIterator]();
    const close = async (): Promise<void> => {
      open -= 1;
      await iterator.return?.();
    };
    try {
      let first: IteratorResult<Uint8Array> | null = await iterator.next();
      const next = async (): Promise<Uint8Array | null> => {
        const result = first ?? (await iterator.next());
        first = null;
        return result.done === true ? null : result.value;
      };
      return { next, close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  return {
    async begin(method, reply) {
      const { status, headers, body } = reply;
      if (body === null || typeof body === 'string' || body instanceof Uint8Array) return { status, headers, body };
      return { status, headers, bytes: body.bytes, chunks: method === 'HEAD' || body.bytes === 0 ? null : await start(body) };
    },
  };
}

const TOO_MANY = refuse('server.busy', 'Too many files are being sent at the moment.');

/** At the pace of the reader: the next chunk is read when this one is taken, and none when the reader has gone or takes nothing for so long. Tells how many bytes were sent. */
export async function sendChunks(response: Outgoing, { bytes, chunks }: BegunReply, stalledSeconds: number): Promise<number> {
  if (chunks === null) {
    response.end();
    return 0;
  }
  try {
    let sent = 0;
    while ((bytes === null || sent < bytes) && !response.destroyed) {
      const chunk = await chunks.next();
      if (chunk === null && bytes === null) break;
      if (chunk === null) throw new Error(`the body ended ${(bytes ?? 0) - sent} bytes early`);
      sent += chunk.length;
      if (!response.write(chunk)) await untilTaken(response, stalledSeconds);
    }
    if (!response.destroyed) response.end();
    return sent;
  } finally {
    await chunks.close();
  }
}

function untilTaken(response: Outgoing, stalledSeconds: number): Promise<void> {
  return new Promise((resolve) => {
    const stalled = setTimeout(() => response.destroy(), stalledSeconds * 1000);
    const done = (): void => {
      clearTimeout(stalled);
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
    if (response.destroyed) done();
  });
}
