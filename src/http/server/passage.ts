import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * A connection as Node's HTTP server sees it: what the front door lets through goes in, and answers go out to the socket.
 * https://nodejs.org/api/http.html#event-connection
 */
export class Passage extends Duplex {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  get localPort(): number | undefined {
    return this.#socket.localPort;
  }

  /** Bytes of the reader. Where they are not taken fast enough, the socket waits. */
  enter(chunk: Buffer): void {
    if (!this.push(chunk)) this.#socket.pause();
  }

  /** The reader sends nothing more. */
  enterEnd(): void {
    this.push(null);
  }

  setTimeout(milliseconds: number, listener?: () => void): this {
    this.#socket.setTimeout(milliseconds, listener);
    return this;
  }

  setNoDelay(on?: boolean): this {
    this.#socket.setNoDelay(on);
    return this;
  }

  setKeepAlive(on?: boolean, delay?: number): this {
    this.#socket.setKeepAlive(on, delay);
    return this;
  }

  destroySoon(): void {
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
    this.end();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _writev(chunks: Array<{ chunk: Buffer; encoding: BufferEncoding }>, done: (error?: Error | null) => void): void {
    this.#socket.cork();
    for (const [at, { chunk }] of chunks.entries()) this.#socket.write(chunk, at === chunks.length - 1 ? done : undefined);
    this.#socket.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
