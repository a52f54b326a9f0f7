import { request as askHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as askHttps } from 'node:https';
import { TLSSocket } from 'node:tls';

export interface ServerAnswer {
  readonly status: number;
  header(name: string): string | null;
  readonly body: string;
  /** When the certificate that was shown ends; null without TLS. */
  readonly certificateEnds: Date | null;
}

const SECONDS = 5;
const MOST_BYTES = 64 * 1024;

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a server on this machine, its certificate is for another name. */
  readonly anyCertificate?: boolean;
}

/** One GET, no redirect followed. Rejects where there is no answer. */
export function askServer(url: string, { headers = {}, anyCertificate = false }: Asked = {}): Promise<ServerAnswer> {
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    headers,
    agent: false,
    timeout: SECONDS * 1000,
    rejectUnauthorized: !anyCertificate,
  };
  return new Promise((resolve, reject) => {
    const ask = url.startsWith('https:') ? askHttps : askHttp;
    const sent = ask(url, options, (incoming) => {
      read(incoming).then(resolve, reject);
    });
    sent.once('timeout', () => sent.destroy(new Error(`no answer in ${SECONDS} seconds`)));
    sent.once('error', reject);
    sent.end();
  });
}

async function read(incoming: IncomingMessage): Promise<ServerAnswer> {
  const { socket } = incoming;
  const ends = socket instanceof TLSSocket ? new Date(socket.getPeerCertificate().valid_to) : null;
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8') as AsyncIterable<string>) {
    body += chunk;
    if (body.length > MOST_BYTES) break;
  }
  return {
    status: incoming.statusCode ?? 0,
    header(name) {
      const value = incoming.headers[name];
      return value === undefined ? null : [value].flat().join(', ');
    },
    body,
    certificateEnds: ends,
  };
}
