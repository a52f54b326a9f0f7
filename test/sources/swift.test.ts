import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createImageReader } from '../../src/adapters/imaging/image-reader.ts';
import { IMAGING_DEFAULTS } from '../../src/adapters/imaging/imaging-options.ts';
import { createObjectStore } from '../../src/adapters/sources/store/object-store.ts';
import { createRemoteFiles } from '../../src/adapters/sources/store/remote-files.ts';
import { createStoreSource } from '../../src/adapters/sources/store/store-source.ts';
import { testItemSource } from '../contracts/item-source.ts';
import { type Swift, startSwift } from '../harness/swift.ts';
import { failureOf, open, paint, planOf } from '../imaging/pictures.ts';
import { findRealPart, SWIFT } from '../setup/real-parts.ts';

const PREFIX = 'scans/';
const TILE = 256;

describe.skipIf(findRealPart(SWIFT) === null)('images in Swift', () => {
  let swift: Swift;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-swift-copies-'));
    swift = await startSwift();
  });
  afterAll(async () => {
    await swift?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  function source(secret = swift.key.secret) {
    const { endpoint, region, bucket } = swift;
    const store = createObjectStore({ endpoint, region, bucket, key: { id: swift.key.id, secret }, timeLimitSeconds: 30 });
    const remote = createRemoteFiles(store, { prefix: PREFIX, folder, maxBytes: 1e8 });
    const log = { warn: () => {} };
    return { remote, ...createStoreSource(store, { bucket, prefix: PREFIX }, remote, { memoMilliseconds: 0, log }) };
  }

  testItemSource('Swift', async () => {
    const written = new Set<string>();
    return {
      items: source().items,
      async write(path, content = 'image') {
        written.add(path);
        await swift.put(PREFIX + path, content);
      },
      remove: (path) => swift.remove(PREFIX + path),
      async clear() {
        for (const path of written) await swift.remove(PREFIX + path);
        written.clear();
      },
      close: async () => {},
    };
  });

  it('gives tiles of a pyramid in parts, and other pictures whole', async () => {
    const picture = open(paint(1200, 900));
    const pyramid = await picture
      .clone()
      .tiff({ tile: true, tileWidth: TILE, tileHeight: TILE, compression: 'jpeg', pyramid: true })
      .toBuffer();
    await swift.put(`${PREFIX}map.tif`, pyramid);
    await swift.put(`${PREFIX}map.png`, await picture.clone().png().toBuffer());
    const { items, remote } = source();
    const reader = createImageReader(IMAGING_DEFAULTS, null, remote);
    const size = { width: TILE, height: TILE };
    const plan = planOf({ region: { x: TILE, y: 0, ...size }, size, format: 'jpg' });
    const render = async (path: string) => {
      const item = await items.find(path);
      if (item === null) throw new Error(`${path} is not there`);
      return reader.render(item, await reader.describe(item), plan, new AbortController().signal);
    };
    expect(pyramid.includes(Buffer.from((await render('map.tif')).slice(-100, -2)))).toBe(true);
    expect(await readdir(folder)).toEqual([]);
    await render('map.png');
    expect(await readdir(folder)).toHaveLength(1);
    await reader.close();
  });

  it('refuses a signature by another key', async () => {
    expect((await failureOf(source('a guess').items.find('a.jpg'))).code).toBe('source.unreachable');
  });
});
