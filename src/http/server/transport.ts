import type { IncomingHttpHeaders } from 'node:http';

/** A request as it arrives, by whichever version of HTTP. Node's own `IncomingMessage` is one. */
export interface Incoming extends AsyncIterable<unknown> {
  readonly method?: string | undefined;
  /** The request target: path and query, or the absolute form. */
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  /** Whether all of its body has come. */
  readonly complete: boolean;
  readonly socket: Line;
}

/** Where the answer to one request is written. Node's own `ServerResponse` is one. */
export interface Outgoing {
  statusCode: number;
  /** False: the connection is closed after the answer. */
  shouldKeepAlive: boolean;
  readonly destroyed: boolean;
  readonly writableFinished: boolean;
  setHeader(name: string, value: string | number | readonly string[]): unknown;
  getHeaderNames(): string[];
  removeHeader(name: string): void;
  /** False: wait for `drain`. */
  write(chunk: Uint8Array, done?: (error: Error | null | undefined) => void): boolean;
  end(chunk?: Uint8Array): unknown;
  destroy(): unknown;
  on(event: 'drain' | 'close' | 'finish', listener: () => void): unknown;
  once(event: 'drain' | 'close' | 'finish', listener: () => void): unknown;
  off(event: 'drain' | 'close' | 'finish', listener: () => void): unknown;
}

/** What carries one exchange: a connection, or, in HTTP/2, a stream of one. */
export interface Line {
  readonly remoteAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly destroyed: boolean;
  /** Ends it at once, whatever is under way. */
  destroy(): unknown;
}

export type ExchangeListener = (incoming: Incoming, response: Outgoing) => void;
