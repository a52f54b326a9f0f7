/** What handlers see of a request, and what they answer with. Nothing here knows the server underneath. */
export interface HttpRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without query and without the configured base path. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Values of the `:name` and `*name` parts of the route, still percent-encoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Null when absent. Names in lower case. */
  header(name: string): string | null;
  readonly cookies: ReadonlyMap<string, string>;
  /** Of the visitor, after trusted proxies. */
  readonly address: string;
  /** Our own origin as the visitor sees it, e.g. `https://iiif.example.org`. */
  readonly origin: string;
  /** `origin` and base path, without a slash at the end: what our URIs begin with. */
  readonly base: string;
  /** The body of a form; at most so many bytes, 64 kB unless told, else throws `Failure` (`request.too-large`, `request.malformed`). */
  form(mostBytes?: number): Promise<URLSearchParams>;
  /** The body as JSON; at most 64 kB, else throws `Failure` (`request.too-large`, `request.media-type`, `request.malformed`). */
  json(): Promise<unknown>;
  /** Of the connection and the bytes that came over it, before anything is believed or decoded. */
  readonly raw: RawRequest;
  /** Aborted when the reader has gone. */
  readonly signal: AbortSignal;
}

export interface RawRequest {
  /** The other end of the connection: a proxy, where there is one. */
  readonly peer: string;
  /** Names and values in turn, in their order, with every repetition. */
  readonly headers: readonly string[];
  /** After the `?`, still percent-encoded. */
  readonly query: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Uint8Array | StreamedBody | null;
}

/** A reply whose body is in memory. */
export type WholeReply = Reply & { readonly body: string | Uint8Array | null };

/** A body that is read while it is sent, at the speed of its reader. */
export interface StreamedBody {
  /** Null where nobody knows before the end. */
  readonly bytes: number | null;
  /** Called once, for an answer that has a body: never for HEAD. A failure before the first chunk is answered as a problem. */
  chunks(): AsyncIterable<Uint8Array>;
}

export type Handler = (request: HttpRequest) => Promise<Reply>;

/** As much of a GET as is known before anything is waited for. */
export type PlainRequest = Pick<HttpRequest, 'path' | 'header' | 'address' | 'base'> & { readonly raw: Pick<RawRequest, 'peer'> };

/**
 * The whole answer to a GET where it is there already, with everything that its readers need, CORS too; null where
 * something must be waited for. The same value as the last time is not written anew.
 */
export type ReadyAnswer = (request: PlainRequest) => WholeReply | null;
