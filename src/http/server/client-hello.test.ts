import { createServer, type Socket } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClientHello } from './client-hello.ts';

/** What Node says first. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const server = createServer((socket: Socket) => socket.once('data', (chunk: Buffer) => resolve(chunk)).on('error', () => {}));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const client = connect({ host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0, ...options });
  client.on('error', () => {});
  const hello = await promise;
  client.destroy();
  server.close();
  return hello;
}

describe('a ClientHello', () => {
  it.each([
    [
      { servername: 'IIIF.example.org', ALPNProtocols: ['h2', 'http/1.1'] },
      { name: 'iiif.example.org', protocols: ['h2', 'http/1.1'] },
    ],
    [
      { servername: 'iiif.example.org', ALPNProtocols: ['acme-tls/1'] },
      { name: 'iiif.example.org', protocols: ['acme-tls/1'] },
    ],
    [{ maxVersion: 'TLSv1.2' as const }, { name: null, protocols: [] }],
  ])('of a client with %j says so', async (options, expected) => {
    expect(parseClientHello(await helloOf(options))).toEqual(expected);
  });

  it('in pieces, or none, is nothing', async () => {
    const hello = await helloOf({ servername: 'iiif.example.org' });
    for (let length = 0; length < hello.length; length += 1) expect(parseClientHello(hello.subarray(0, length)), `${length}`).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(hello.length - 1), fc.nat(255), (bytes, at, value) => {
        parseClientHello(bytes);
        const changed = Buffer.from(hello);
        changed[at] = value;
        parseClientHello(changed);
        return true;
      }),
    );
  });
});
