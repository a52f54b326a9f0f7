import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface Answer {
  readonly status: number;
  /** Every value of a header, as it came. */
  headers(name: string): readonly string[];
  readonly body: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A Unix socket to ask at, instead of the address. */
  readonly socket?: string | null;
}

const SECONDS = 10;
const MOST_BYTES = 100_000;

/** Exactly this path and these headers, and no redirect followed. The text of what went wrong where nobody answers. */
export function ask(origin: URL, path: string, { method = 'GET', headers = {}, socket = null }: Asking = {}): Promise<Answer | string> {
  const request = origin.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    // On this machine no certificate has the right name.
    const way = { ...(socket === null ? {} : { socketPath: socket }), ...(isThisMachine(origin) ? { rejectUnauthorized: false } : {}) };
    const outgoing = request(origin, { path, method, headers, agent: false, timeout: SECONDS * 1000, ...way }, (incoming) => {
      let body = '';
      incoming.setEncoding('latin1');
      incoming.on('data', (chunk: string) => {
        body = (body + chunk).slice(0, MOST_BYTES);
      });
      const end = () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: (name) => incoming.headersDistinct[name] ?? [],
          body: Buffer.from(body, 'latin1').toString('utf8'),
        });
      incoming.on('end', end);
      incoming.on('error', end);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${SECONDS} seconds`)));
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    outgoing.end();
  });
}

export function isThisMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
