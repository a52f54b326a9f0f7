import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adhocCertificate } from '../../src/adapters/certificates/adhoc.ts';
import { json } from '../../src/http/server/reply.ts';
import { createRouter } from '../../src/http/server/router.ts';
import type { RunningServer } from '../../src/http/server/server.ts';
import { startTestWebServer } from '../harness/web-server.ts';

const NAME = 'iiif.vitrine.test';

describe('a server that is being proved by tls-alpn-01', () => {
  let folder: string;
  let server: RunningServer;
  let pems: { readonly own: string; readonly proof: string };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-alpn-'));
    const own = await adhocCertificate(join(folder, 'own'), [NAME], new Date());
    const proof = await adhocCertificate(join(folder, 'proof'), [NAME], new Date());
    pems = { own: own.cert, proof: proof.cert };
    const router = createRouter([{ methods: ['GET'], path: '/', reader: 'program', handler: async () => json(200, 'here') }]);
    const challenge = async (name: string) => (name === NAME ? proof : null);
    server = await startTestWebServer(router, { tls: { current: () => own, onChange: () => {}, challenge } });
  });
  afterAll(async () => {
    await server.close(0);
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  /** What was shown, the protocol, and whatever was answered to a request. */
  function visit(options: ConnectionOptions): Promise<{ pem: string; protocol: unknown; answer: string }> {
    return new Promise((resolve, reject) => {
      let answer = '';
      let seen = { pem: '', protocol: null as unknown };
      const socket = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false, ...options }, () => {
        seen = { pem: socket.getPeerX509Certificate()?.toString() ?? '', protocol: socket.alpnProtocol };
        socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      });
      socket.on('data', (chunk: Buffer) => {
        answer += chunk.toString();
      });
      socket.once('error', reject);
      socket.once('close', () => resolve({ ...seen, answer }));
    });
  }

  it.each([
    ['without a protocol', { servername: NAME }],
    ['with HTTP', { servername: NAME, ALPNProtocols: ['http/1.1'] }],
    ['without a name', { ALPNProtocols: ['http/1.1'] }],
  ])('shows its own certificate to visitors %s, and answers them', async (_how, options) => {
    const { pem, answer } = await visit(options);
    expect(pem).toBe(pems.own);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*"here"/s);
  });

  it('shows the proof to the authority, and says nothing more to it', async () => {
    const { pem, protocol, answer } = await visit({ servername: NAME, ALPNProtocols: ['acme-tls/1'] });
    expect([pem, protocol, answer]).toEqual([pems.proof, 'acme-tls/1', '']);
  });

  it('hangs up where it has no proof for the name', async () => {
    await expect(visit({ servername: 'other.test', ALPNProtocols: ['acme-tls/1'] })).rejects.toThrow();
  });

  it('lives on after what is no handshake', async () => {
    for (const bytes of ['\x16\x03\x01', 'GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01\x00\x05\x01\xff\xff\xff\x00', '']) {
      await new Promise<void>((resolve) => {
        const socket = connectPlain({ host: '127.0.0.1', port: server.port }, () => socket.end(bytes, 'latin1'));
        socket.on('error', () => {});
        socket.resume();
        socket.once('close', () => resolve());
      });
    }
    expect((await visit({ servername: NAME })).answer).toContain('200 OK');
  });
});
