import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface MisbehavingUpstream {
  readonly url: string;
  /** What came in: method, address and headers. */
  readonly asked: ReadonlyArray<Pick<IncomingMessage, 'method' | 'url' | 'headers'>>;
  /** Connections that were opened. */
  readonly connections: () => number;
  /** How it answers from now on. */
  behave(how: Misbehaviour): void;
  close(): Promise<void>;
}

/** An image server that does whatever it is told. */
export async function startMisbehavingUpstream(): Promise<MisbehavingUpstream> {
  let behaviour: Misbehaviour = (_, response) => response.writeHead(404).end();
  let opened = 0;
  const asked: MisbehavingUpstream['asked'][number][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    asked.push({ method: request.method, url: request.url, headers: request.headers });
    behaviour(request, response);
  });
  server.on('connection', (socket) => {
    opened += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/iiif/3`,
    asked,
    connections: () => opened,
    behave(how) {
      behaviour = how;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The information document of a picture of 800 x 600. */
export function information(more: object = {}): string {
  return JSON.stringify({
    '@context': 'http://iiif.io/api/image/3/context.json',
    id: 'http://inner.example/iiif/3/a',
    type: 'ImageService3',
    protocol: 'http://iiif.io/api/image',
    profile: 'level2',
    width: 800,
    height: 600,
    ...more,
  });
}
