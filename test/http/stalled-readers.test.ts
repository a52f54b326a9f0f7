import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/http/server/exchange.ts';
import { createSender } from '../../src/http/server/sender.ts';
import { createStreams } from '../../src/http/server/streamed-body.ts';

const BYTES = 30_000_000;
const SHORT = 1.5;
const LONG = 60;

let server: Server;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** A server that sends one body; `ended` resolves with whether it was sent to its end. */
async function serveBody(send: (response: ServerResponse, socket: Socket) => void): Promise<{ port: number; ended: Promise<boolean> }> {
  return new Promise((resolve) => {
    const ended = new Promise<boolean>((finish) => {
      server = createServer((request, response) => {
        response.once('close', () => finish(response.writableFinished));
        send(response, request.socket);
      });
    });
    server.listen(0, '127.0.0.1', () => resolve({ port: (server.address() as AddressInfo).port, ended }));
  });
}

function ask(port: number): Socket {
  const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'));
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

/** Takes some, rests for less than the limit, and goes on: altogether far longer than the limit. */
async function readSteadily(socket: Socket): Promise<number> {
  let length = 0;
  for await (const chunk of socket) {
    const before = length;
    length += (chunk as Buffer).length;
    if (Math.floor(length / 2_000_000) > Math.floor(before / 2_000_000)) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return length;
}

const picture = { status: 200, headers: {}, body: new Uint8Array(BYTES) };

/** A file of that many bytes; `closed` counts how often it was let go of. */
function file(): { reply: Reply; closed: () => number } {
  let closed = 0;
  async function* chunks() {
    try {
      for (let at = 0; at < BYTES; at += 60_000) yield new Uint8Array(Math.min(60_000, BYTES - at));
    } finally {
      closed += 1;
    }
  }
  return { reply: { status: 200, headers: {}, body: { bytes: BYTES, chunks } }, closed: () => closed };
}

const never = () => {
  throw new Error('there is room');
};

describe('a body in memory', () => {
  const limits = { now: () => performance.now(), stalledSeconds: SHORT, fileStalledSeconds: LONG };

  it('is given up when its reader takes nothing for the time of the limit', async () => {
    const sender = createSender({}, limits);
    const { port, ended } = await serveBody((response, socket) => void sender.send({ response, socket, headOnly: false }, picture, never));
    ask(port).pause();
    expect(await ended).toBe(false);
  });

  it('arrives whole at a reader who takes a little all the time, however long that takes', async () => {
    const sender = createSender({}, limits);
    const { port, ended } = await serveBody((response, socket) => void sender.send({ response, socket, headOnly: false }, picture, never));
    expect(await readSteadily(ask(port))).toBeGreaterThan(BYTES);
    expect(await ended).toBe(true);
  });
});

describe('a file', () => {
  const limits = { now: () => performance.now(), stalledSeconds: LONG, fileStalledSeconds: SHORT };
  const serveFile = async (reply: Reply) => {
    const sender = createSender({}, limits);
    const begun = await createStreams().begin('GET', reply);
    if (!('chunks' in begun)) throw new Error('no file');
    return serveBody((response, socket) => void sender.stream({ response, socket, headOnly: false }, begun));
  };

  it('is closed when its reader takes nothing for the time of the limit', async () => {
    const { reply, closed } = file();
    const { port, ended } = await serveFile(reply);
    ask(port).pause();
    expect(await ended).toBe(false);
    await expect.poll(closed).toBe(1);
  });

  it('arrives whole at a reader who takes a little all the time', async () => {
    const { reply, closed } = file();
    const { port, ended } = await serveFile(reply);
    expect(await readSteadily(ask(port))).toBeGreaterThan(BYTES);
    expect(await ended).toBe(true);
    expect(closed()).toBe(1);
  });
});
