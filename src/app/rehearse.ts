import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import pino, { type Logger } from 'pino';
import { sharp } from '../adapters/imaging/sharp-library.ts';
import { loadOptions, realDisk } from '../config/load-options.ts';
import type { Options } from '../config/options.ts';
import { isTraced } from '../http/server/traced-router.ts';

type StartServer = (
  options: Options,
  io: { readonly log: Logger; readonly content: 'own' },
) => Promise<{ readonly url: string; close(): Promise<void> }>;

export interface Rehearsal {
  /** Tile after tile, in moments that nobody wants; only to start its two small servers keeps others waiting, for a tenth of a second. Fulfilled at the end, whatever that is. */
  begin(): Promise<void>;
  /** Ends it early, and waits for that. */
  end(): Promise<void>;
}

/** The rehearsal of one server. Where requests are traced there is none, as its own would be among them. */
export function createRehearsal(start: StartServer, log: Logger): Rehearsal {
  const ending = new AbortController();
  let rehearsed: Promise<void> = Promise.resolve();
  return {
    begin() {
      if (ending.signal.aborted || isTraced()) return rehearsed;
      rehearsed = rehearse(start, ending.signal).then(
        () => {},
        (error: unknown) => log.warn({ err: error }, 'the rehearsal failed'),
      );
      return rehearsed;
    },
    end() {
      ending.abort();
      return rehearsed;
    },
  };
}

/** Tiles of each server: as many as make the compiler look closely at all that a tile passes, and look again. */
const PARTS = [600, 1200];
const CONNECTIONS = 4;
const PICTURES = 4;
const SIZE = { width: 1400, height: 1100 };
const TILE = 256;
const ACCESS = `accessServices:
  rehearsal: { pattern: kiosk, label: { en: [Rehearsal] } }
policies:
  - items: '**'
    allow: [{ service: rehearsal }]
`;

/**
 * Starts a second server, small and for nobody else, and asks it for locked tiles over the wire, so that the first readers
 * of the real one do not wait for the compiler: what that learns holds only where calls and objects are the same. Then a
 * third, as it takes what it has seen of two for any. Nothing of them is kept, counted or written down, also where `signal`
 * ends it early. Tells how many tiles it was; rejects where one is not answered.
 */
export async function rehearse(start: StartServer, signal: AbortSignal): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-rehearsal-'));
  let answered = 0;
  try {
    const options = await furnish(folder);
    for (const tiles of PARTS) {
      if (signal.aborted) break;
      const server = await start(options, { content: 'own', log: pino({ level: 'silent' }) });
      try {
        answered += await askAll(Number(new URL(server.url).port), tiles, signal);
      } finally {
        await server.close();
      }
    }
    return answered;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** All options are the defaults: none of the real server's may reach anybody from here. */
async function furnish(folder: string): Promise<Options> {
  const [images, access] = [join(folder, 'images'), join(folder, 'access.yaml')];
  await mkdir(images);
  await writeFile(access, ACCESS);
  const drawn = await drawPicture();
  for (const name of pictureNames()) await writeFile(join(images, name), drawn);
  const flags = { images, access, data: join(folder, 'data'), host: HOST, port: '0', pyramidsAtOnce: '0', derivativeMemoryMegabytes: '8' };
  const loaded = loadOptions({ command: 'serve', flags, environment: {}, folder, disk: realDisk });
  if (!loaded.ok) throw new Error(loaded.errors.join(' '));
  return loaded.options;
}

const HOST = '127.0.0.1';

function pictureNames(): readonly string[] {
  return Array.from({ length: PICTURES }, (_, at) => `${at}.tif`);
}

/** A grain, as a tiled pyramid. Each row is another part of the same: it takes a moment, in which nobody is answered. */
function drawPicture(): Promise<Buffer> {
  const { width, height } = SIZE;
  const row = width * 3;
  const grain = Uint8Array.from({ length: row * 2 }, (_, at) => 110 + ((at * 7919) % 37));
  const pixels = new Uint8Array(row * height);
  for (let y = 0; y < height; y++) pixels.set(grain.subarray((y * 31) % row).subarray(0, row), y * row);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .tiff({ compression: 'jpeg', tile: true, tileWidth: TILE, tileHeight: TILE, pyramid: true })
    .toBuffer();
}

async function askAll(port: number, tiles: number, signal: AbortSignal): Promise<number> {
  const cookie = await enter(port);
  const paths = [...tilePaths()];
  let asked = 0;
  let answered = 0;
  const askOneAfterTheOther = async () => {
    const socket = await open(port);
    try {
      while (asked < tiles && !signal.aborted) {
        await askTile(socket, paths[asked++ % paths.length] ?? '', cookie);
        answered += 1;
        await setImmediate();
      }
    } finally {
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, askOneAfterTheOther));
  return answered;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, HOST);
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

/** As a deep-zoom viewer asks: whole tiles of each level, and such that are cut at the edges. */
function* tilePaths(): Generator<string> {
  for (const scale of [1, 2, 4]) {
    const side = TILE * scale;
    for (const name of pictureNames()) {
      for (let y = 0; y < SIZE.height; y += side) {
        for (let x = 0; x < SIZE.width; x += side) {
          const [width, height] = [Math.min(side, SIZE.width - x), Math.min(side, SIZE.height - y)];
          yield `/iiif/3/${name}/${x},${y},${width},${height}/${Math.ceil(width / scale)},${Math.ceil(height / scale)}/0/default.jpg`;
        }
      }
    }
  }
}

/** Returns the cookies of a session. */
async function enter(port: number): Promise<string> {
  const socket = await open(port);
  try {
    const head = await ask(socket, '/auth/access/rehearsal?origin=http://localhost', '');
    return [...head.matchAll(/^set-cookie: ([^;]*)/gim)].map(([, pair]) => pair).join('; ');
  } finally {
    socket.destroy();
  }
}

async function askTile(socket: Socket, path: string, cookie: string): Promise<void> {
  const head = await ask(socket, path, cookie);
  if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`${path}: ${head.slice(0, head.indexOf('\r\n'))}`);
}

/** Returns the head of the answer, once its body has been read as well; rejects where the connection ends before. */
function ask(socket: Socket, path: string, cookie: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = '';
    /** Of the body, in bytes; null before its length is known. */
    let left: number | null = null;
    const read = (bytes: Buffer): void => {
      if (left === null) {
        head += bytes.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        left = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0) - (head.length - end - 4);
      } else left -= bytes.length;
      if (left <= 0) done(null);
    };
    const failed = (): void => done(new Error(`${path}: the connection was closed`));
    const done = (error: Error | null): void => {
      socket.off('data', read).off('close', failed);
      if (error === null) resolve(head);
      else reject(error);
    };
    socket.on('data', read).on('close', failed);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n\r\n`);
  });
}
