import type { RequestListener, Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { parseClientHello } from './client-hello.ts';

/** In PEM. */
interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/** The certificate that new connections get, and each later one. */
export interface TlsCertificate {
  current(): TlsPair;
  onChange(take: (pair: TlsPair) => void): void;
  /** What an authority that comes by tls-alpn-01 is shown for a name; null for nothing. */
  readonly challenge?: (name: string) => Promise<TlsPair | null>;
}

/** https://www.rfc-editor.org/rfc/rfc8737#section-6.2 */
const CHALLENGE_PROTOCOL = 'acme-tls/1';
const HANDSHAKE_MILLISECONDS = 15_000;

/** https, with a certificate that may be renewed while it runs. `listener`: of HTTP/1.1; what chose HTTP/2 is for `serveHttp2` to take. */
export function createSecureServer(settings: ServerOptions, certificate: TlsCertificate, listener: RequestListener): Server {
  const server = createServer(
    { ...settings, ...pairOf(certificate.current()), ALPNProtocols: ['h2', 'http/1.1'], handshakeTimeout: HANDSHAKE_MILLISECONDS },
    listener,
  );
  certificate.onChange((pair) => server.setSecureContext(pairOf(pair)));
  if (certificate.challenge !== undefined) showChallenges(server, certificate.challenge);
  return server;
}

function pairOf({ cert, key }: TlsPair): TlsPair {
  return { cert, key };
}

/**
 * Looks at what each client says first: an authority gets its proof, and nobody else does, whatever name it asks for.
 * Node tells the protocols only after the certificate has been chosen.
 */
function showChallenges(server: Server, challenge: (name: string) => Promise<TlsPair | null>): void {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const goOn = (): void => {
      socket.setTimeout(0);
      for (const listener of listeners) listener.call(server, socket);
    };
    const give = (): void => void socket.destroy();
    socket.setTimeout(HANDSHAKE_MILLISECONDS, give);
    socket.once('error', give);
    socket.once('readable', () => {
      const first: Buffer | null = socket.read();
      const hello = first === null ? null : parseClientHello(first);
      if (first !== null) socket.unshift(first);
      socket.off('error', give);
      socket.off('timeout', give);
      if (hello === null || hello.name === null || !hello.protocols.includes(CHALLENGE_PROTOCOL)) return goOn();
      challenge(hello.name).then(
        (pair) => (pair === null ? socket.destroy() : prove(socket, pair)),
        () => socket.destroy(),
      );
    });
  });
}

/** The handshake is the proof; nothing is said after it. */
function prove(socket: Socket, pair: TlsPair): void {
  const secureContext = createSecureContext(pairOf(pair));
  const secure = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: [CHALLENGE_PROTOCOL] });
  const end = setTimeout(() => secure.destroy(), HANDSHAKE_MILLISECONDS);
  secure.once('secure', () => secure.end());
  secure.once('error', () => secure.destroy());
  secure.once('close', () => clearTimeout(end));
}
