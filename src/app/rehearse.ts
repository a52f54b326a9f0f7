import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createImageReader } from '../adapters/imaging/image-reader.ts';
import type { ImagingOptions } from '../adapters/imaging/imaging-options.ts';
import { sharp } from '../adapters/imaging/sharp-library.ts';
import type { AccessModel } from '../domain/access.ts';
import type { Item } from '../domain/item.ts';
import { nobody } from '../domain/visitor.ts';
import { createImageApi, type ImageApiDeps } from '../http/iiif/image-api.ts';
import type { HttpRequest } from '../http/server/exchange.ts';

const SIDE = 1024;
const TILE = 256;
/** As often as makes the compiler look at a function more closely. */
const ROUNDS = 24;
const OPEN: AccessModel = { enforced: false, services: new Map(), policies: [] };

/**
 * Goes the way of a tile over a picture of our own, some hundred times in moments that nobody wants, so that the first
 * readers do not wait for the compiler. Nothing of it is kept, counted or written down. Tells how many tiles it was; rejects
 * where one is not answered.
 */
export async function rehearse(deps: ImageApiDeps, imaging: ImagingOptions): Promise<number> {
  let tiles = 0;
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-rehearsal-'));
  const images = createImageReader(imaging);
  try {
    const item = await drawItem(join(folder, 'rehearsal.tif'));
    const answer = createImageApi(3, {
      ...deps,
      images,
      items: { find: async () => item, list: async () => null },
      access: () => OPEN,
      cache: { recall: () => null, get: () => null, put: () => {} },
      visits: { given: () => {}, refused: () => {}, turnedAway: () => {} },
      seating: { seat: async (visitor) => visitor },
      recognise: async () => nobody('127.0.0.1'),
    });
    for (let round = 0; round < ROUNDS; round++) {
      for (const path of tilePaths()) {
        const { status } = await answer(requestFor(path));
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
    address: '127.0.0.1',
    origin: 'http://localhost',
    base: 'http://localhost',
    form: () => Promise.reject(new TypeError('there is no form')),
    json: () => Promise.reject(new TypeError('there is no body')),
    raw: { peer: '127.0.0.1', headers: [], query: '' },
    signal: new AbortController().signal,
  };
}
