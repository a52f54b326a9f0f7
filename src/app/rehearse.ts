import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createImageReader } from '../adapters/imaging/image-reader.ts';
import type { ImagingOptions } from '../adapters/imaging/imaging-options.ts';
import { sharp } from '../adapters/imaging/sharp-library.ts';
import type { AccessModel } from '../domain/access.ts';
import type { DerivativeKey } from '../domain/derivative.ts';
import type { Item } from '../domain/item.ts';
import type { DerivativeCache, DerivativeSharing, ImageReader, ImagesAtOnce } from '../domain/ports.ts';
import { nobody, type Visitor } from '../domain/visitor.ts';
import { createRememberedVisitors } from '../flows/remember-visitors.ts';
import { createImageApi, createReadyAnswer, type ImageApiDeps, readyImagesWork } from '../http/iiif/image-api.ts';
import { createReadyImages } from '../http/iiif/ready-images.ts';
import type { HttpRequest, WholeReply } from '../http/server/exchange.ts';
import { createPlainReader } from '../http/server/plain-head.ts';
import { IDLE_SECONDS, sealReply, wireOf } from '../http/server/wire.ts';

const SIDE = 1024;
const TILE = 256;
/** As often as makes the compiler look at a function more closely. */
const ROUNDS = 60;
/** One request in so many goes in by the other door, where it may wait. */
const WAITING_SHARE = 6;
const OPEN: AccessModel = { enforced: false, services: new Map(), policies: [] };

/**
 * Goes the way of a tile over a picture of our own, a thousand times in moments that nobody wants, so that the first
 * readers do not wait for the compiler. Nothing of it is kept, counted or written down, also where `signal` ends it early.
 * Tells how many tiles it was; rejects where one is not answered.
 */
export async function rehearse(deps: ImageApiDeps, imaging: ImagingOptions, signal: AbortSignal): Promise<number> {
  let tiles = 0;
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-rehearsal-'));
  const images = createImageReader(imaging);
  try {
    const { answer, answerAtOnce } = openDoors(deps, images, await drawItem(join(folder, 'rehearsal.tif')));
    for (let round = 0; round < ROUNDS; round++) {
      for (const path of tilePaths()) {
        if (signal.aborted) return tiles;
        const atOnce = tiles % WAITING_SHARE === 0 ? null : answerAtOnce(path);
        const { status } = atOnce ?? (await answer(requestFor(path)));
        if (status !== 200) throw new Error(`${path}: ${status}`);
        tiles += 1;
        await setImmediate();
      }
    }
    return tiles;
  } finally {
    await images.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Both ways of a server that has nothing but one picture, which everybody may see. */
function openDoors(deps: ImageApiDeps, images: ImageReader & ImagesAtOnce, item: Item) {
  const visits = { given: () => {}, refused: () => {}, turnedAway: () => {} };
  const cache = createLastDerivative();
  const access = () => OPEN;
  const shown = {
    ...deps,
    images,
    items: { find: async () => item, list: async () => null },
    access,
    cache,
    visits,
    seating: { seat: async (visitor: Visitor) => visitor },
    recognise: async () => nobody(ADDRESS),
  };
  const visitors = createRememberedVisitors({ clock: { now: deps.now }, peopleChanges: () => 0 });
  const seal = (reply: WholeReply) => sealReply(reply, MANNER);
  const ready = createReadyImages({
    ...readyImagesWork(shown),
    seal,
    cache,
    visitors,
    visits,
    access,
    now: deps.now,
    maxBytes: SIDE * SIDE,
  });
  const answerReady = createReadyAnswer(3, ready);
  const read = createPlainReader();
  return {
    answer: createImageApi(3, shown, ready),
    answerAtOnce(path: string) {
      const head = read(Buffer.from(`GET /${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
      const reply =
        head === null
          ? null
          : answerReady({ ...FROM, path: head.target.slice(1), header: (name) => (name === 'host' ? 'localhost' : null) });
      if (reply !== null) wireOf(reply, MANNER, Date.now());
      return reply;
    },
  };
}

/** Holds what was made last, so that everything is made. */
function createLastDerivative(): DerivativeCache & DerivativeSharing {
  let last: { readonly text: string; readonly bytes: Uint8Array } | null = null;
  const recall = ({ text }: DerivativeKey) => (last?.text === text ? last.bytes : null);
  return {
    recall,
    get: recall,
    put({ text }, bytes) {
      last = { text, bytes };
    },
    share({ text }, bytes) {
      last = { text, bytes };
    },
  };
}

const MANNER = { idleSeconds: IDLE_SECONDS, always: {} };
const ADDRESS = '127.0.0.1';
const FROM = { address: ADDRESS, base: 'http://localhost', raw: { peer: ADDRESS } } as const;

/** Whole tiles, and such that are cut and joined. */
function* tilePaths(): Generator<string> {
  for (let y = 0; y < SIDE; y += TILE) {
    for (let x = 0; x < SIDE; x += TILE) yield `rehearsal.tif/${x},${y},${TILE},${TILE}/${TILE},${TILE}/0/default.jpg`;
  }
  for (const size of [TILE - 57, TILE + 40]) yield `rehearsal.tif/0,0,${size},${size}/${size},${size}/0/default.jpg`;
}

async function drawItem(file: string): Promise<Item> {
  const noise = { type: 'gaussian', mean: 128, sigma: 20 } as const;
  await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: 'gray', noise } })
    .tiff({ compression: 'jpeg', tile: true, tileWidth: TILE, tileHeight: TILE, pyramid: true })
    .toFile(file);
  const { size, mtime } = await stat(file, { bigint: true });
  const source = { file, bytes: Number(size), modified: mtime, version: 'rehearsal' };
  return { identifier: 'rehearsal.tif', path: 'rehearsal.tif', page: 1, kind: 'image', mediaType: 'image/tiff', source };
}

function requestFor(rest: string): HttpRequest {
  return {
    method: 'GET',
    path: `/iiif/3/${rest}`,
    params: { rest },
    query: new URLSearchParams(),
    header: () => null,
    cookies: new Map(),
    ...FROM,
    origin: 'http://localhost',
    form: () => Promise.reject(new TypeError('there is no form')),
    json: () => Promise.reject(new TypeError('there is no body')),
    raw: { peer: ADDRESS, headers: [], query: '' },
    signal: new AbortController().signal,
  };
}
