import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createImageReader } from '../../src/adapters/imaging/image-reader.ts';
import { IMAGING_DEFAULTS } from '../../src/adapters/imaging/imaging-options.ts';
import { createPyramids } from '../../src/adapters/imaging/pyramid/background-pyramids.ts';
import { createMediaFiles } from '../../src/adapters/media/media-files.ts';
import { countCopies, purgeCopies } from '../../src/adapters/sources/store/kept-copies.ts';
import { createObjectStore } from '../../src/adapters/sources/store/object-store.ts';
import { createRemoteFiles } from '../../src/adapters/sources/store/remote-files.ts';
import { createStoreSource } from '../../src/adapters/sources/store/store-source.ts';
import type { Item } from '../../src/domain/item.ts';
import { testItemSource } from '../contracts/item-source.ts';
import { type Misbehaviour, openTestStore, TEST_REGION, type TestStore } from '../harness/object-store.ts';
import { decode, difference, failureOf, open, paint, planOf } from '../imaging/pictures.ts';

const PREFIX = 'library/scans/';
const SECONDS = 1;

let within: string;
let folder: string;
beforeAll(async () => {
  within = await mkdtemp(join(tmpdir(), 'vitrine-store-'));
});
beforeEach(async () => {
  folder = await mkdtemp(join(within, 'copies-'));
});
afterAll(() => rm(within, { recursive: true, force: true, maxRetries: 10 }));

function sourceOver(store: TestStore, { prefix = PREFIX, maxBytes = 50_000_000, secret = store.key.secret, memoMilliseconds = 0 } = {}) {
  const warnings: string[] = [];
  const objects = createObjectStore({
    endpoint: store.endpoint,
    region: TEST_REGION,
    bucket: store.bucket,
    key: { id: store.key.id, secret },
    timeLimitSeconds: SECONDS,
  });
  const remote = createRemoteFiles(objects, { prefix, folder, maxBytes });
  const log = { warn: (message: string) => warnings.push(message) };
  return { remote, warnings, ...createStoreSource(objects, { bucket: store.bucket, prefix }, remote, { memoMilliseconds, log }) };
}

for (const prefix of ['', PREFIX]) {
  testItemSource(`an object store with the prefix "${prefix}"`, async () => {
    const store = await openTestStore();
    const written = new Set<string>();
    return {
      items: sourceOver(store, { prefix }).items,
      async write(path, content = 'image', modified) {
        written.add(path);
        store.put(prefix + path, content, modified);
      },
      remove: async (path) => store.remove(prefix + path),
      async clear() {
        for (const path of written) store.remove(prefix + path);
      },
      close: () => store.close(),
    };
  });
}

let store: TestStore;
beforeEach(async () => {
  store = await openTestStore();
});
afterEach(() => store.close());

async function mustFind(items: ReturnType<typeof sourceOver>['items'], path: string): Promise<Item> {
  const item = await items.find(path);
  if (item === null) throw new Error(`${path} is not there`);
  return item;
}

const TILE = 256;
const PICTURE = paint(1200, 900);
const pyramid = () =>
  open(PICTURE).tiff({ tile: true, tileWidth: TILE, tileHeight: TILE, compression: 'jpeg', quality: 80, pyramid: true }).toBuffer();

describe('objects beside the prefix', () => {
  it('are not there, however they are asked for', async () => {
    store.put('library/scans-secret/a.jpg', 'secret');
    store.put('library/b.jpg', 'secret');
    store.put(`${PREFIX}c.jpg`, 'image');
    store.put(PREFIX, '');
    const { items } = sourceOver(store);
    expect((await items.list('', { offset: 0, limit: 10 }))?.entries.map(({ name }) => name)).toEqual(['c.jpg']);
    for (const path of ['../b.jpg', '%2e%2e/b.jpg', '/library/b.jpg', '-secret/a.jpg', '../scans-secret/a.jpg']) {
      expect(await items.find(path)).toBeNull();
    }
    expect(
      store.requests.every(({ url }) => url.startsWith(`/${store.bucket}/library/scans/`) || url.includes('prefix=library%2Fscans%2F')),
    ).toBe(true);
  });
});

describe('a folder of many objects', () => {
  it('is listed in parts, once for all who ask, and believed for a while', async () => {
    for (let i = 0; i < 23; i++) store.put(`${PREFIX}page ${i}.jpg`, 'image');
    const { items } = sourceOver(store, { memoMilliseconds: 60_000 });
    const lists = await Promise.all([1, 2, 3].map(() => items.list('', { offset: 20, limit: 10 })));
    expect(lists.map((list) => list?.entries.map(({ name }) => name))).toEqual(
      [1, 2, 3].map(() => ['page 20.jpg', 'page 21.jpg', 'page 22.jpg']),
    );
    await items.list('', { offset: 0, limit: 1 });
    expect(store.requests).toHaveLength(5);
  });
});

describe('what is written beside pictures in a store', () => {
  it('is read once for each state, and mistakes in it are told of', async () => {
    store.put(`${PREFIX}a.jpg`, 'image');
    store.put(`${PREFIX}a.jpg.meta.yaml`, 'label: A letter\n');
    store.put(`${PREFIX}meta.yaml`, 'wrong: [\n');
    const { catalogue, warnings } = sourceOver(store);
    expect((await catalogue.find('a.jpg'))?.label).toMatchObject({ none: ['A letter'] });
    expect(await catalogue.find('')).toBeNull();
    expect(warnings.join()).toContain('meta.yaml:');
    store.put(`${PREFIX}a.jpg.meta.yaml`, 'label: Another letter\n');
    expect((await catalogue.find('a.jpg'))?.label).toMatchObject({ none: ['Another letter'] });
  });
});

describe('a pyramid in a store', () => {
  it('is read in ranges, and never brought here for its tiles', async () => {
    const file = Buffer.concat([await pyramid(), Buffer.alloc(3_000_000)]);
    store.put(`${PREFIX}map.tif`, file);
    const { items, remote } = sourceOver(store);
    const reader = createImageReader(IMAGING_DEFAULTS, null, remote);
    const item = await mustFind(items, 'map.tif');
    expect(await reader.describe(item)).toMatchObject({ width: 1200, height: 900, tile: { width: TILE, height: TILE } });
    const size = { width: TILE, height: TILE };
    const wanted = [0, 1, 2].map((column) => planOf({ region: { x: column * TILE, y: 0, ...size }, size, format: 'jpg' }));
    const description = await reader.describe(item);
    const tiles = await Promise.all(wanted.map((plan) => reader.render(item, description, plan, new AbortController().signal)));
    for (const tile of tiles) expect(file.includes(Buffer.from(tile.slice(-100, -2)))).toBe(true);
    const small = planOf({ region: { x: 0, y: 0, width: 1200, height: 900 }, size: { width: 200, height: 150 }, format: 'jpg' });
    const seen = await decode(await reader.render(item, description, small, new AbortController().signal), 3);
    expect([seen.width, seen.height]).toEqual([200, 150]);
    expect(await readdir(folder)).toEqual([]);
    const ranges = store.requests.filter(({ range }) => range !== null);
    expect(ranges.length).toBeLessThan(6);
    const bytes = ranges
      .map(({ range }) => (/(\d+)-(\d+)/.exec(range ?? '') ?? []).slice(1).map(Number))
      .map(([a = 0, b = 0]) => b - a + 1);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(1_500_000);
    await reader.close();
  });
});

describe('another picture in a store', () => {
  const whole = planOf({ region: { x: 0, y: 0, width: 1200, height: 900 }, size: { width: 1200, height: 900 } });

  it.each(['jpeg', 'png', 'tiff', 'webp', 'gif'] as const)(
    'of the kind .%s is brought here once, and again when it has changed',
    async (kind) => {
      const { items, remote } = sourceOver(store);
      const reader = createImageReader(IMAGING_DEFAULTS, null, remote);
      const encode = (picture: typeof PICTURE) => open(picture).toFormat(kind).toBuffer();
      store.put(`${PREFIX}a.${kind}`, await encode(PICTURE));
      const first = await mustFind(items, `a.${kind}`);
      const show = async (item: Item) =>
        decode(await reader.render(item, await reader.describe(item), whole, new AbortController().signal), 3);
      const seen = await Promise.all([show(first), show(first)]);
      for (const each of seen) expect(difference(each, PICTURE).mean).toBeLessThan(4);
      const asked = store.requests.length;
      await show(first);
      expect([store.requests.length, (await readdir(folder)).length]).toEqual([asked, 1]);
      const turned = { ...PICTURE, data: PICTURE.data.map((value) => 255 - value) };
      store.put(`${PREFIX}a.${kind}`, await encode(turned));
      expect(difference(await show(await mustFind(items, `a.${kind}`)), turned).mean).toBeLessThan(4);
      await reader.close();
    },
  );

  it('is described by its first bytes, without being brought here', async () => {
    store.put(`${PREFIX}a.jpg`, Buffer.concat([await open(PICTURE).jpeg({ quality: 100 }).toBuffer(), Buffer.alloc(5_000_000)]));
    const { items, remote } = sourceOver(store);
    const reader = createImageReader(IMAGING_DEFAULTS, null, remote);
    expect(await reader.describe(await mustFind(items, 'a.jpg'))).toMatchObject({ width: 1200, height: 900 });
    expect(store.requests.map(({ range }) => range)).toEqual([null, 'bytes=0-262143']);
    await reader.close();
  });

  it('that changed since it was found is not mixed with what it was', async () => {
    store.put(`${PREFIX}a.jpg`, await open(PICTURE).jpeg().toBuffer());
    const { items, remote } = sourceOver(store);
    const reader = createImageReader(IMAGING_DEFAULTS, null, remote);
    const item = await mustFind(items, 'a.jpg');
    store.put(`${PREFIX}a.jpg`, await open(PICTURE).jpeg({ quality: 50 }).toBuffer());
    expect(await failureOf(reader.describe(item))).toMatchObject({ code: 'source.broken', publicText: expect.stringContaining('changed') });
    await reader.close();
  });

  it('larger than the folder may be is refused, and the least used ones go for others', async () => {
    const names = ['a', 'b', 'c'];
    for (const name of names) store.put(`${PREFIX}${name}.txt`, Buffer.alloc(400_000, name));
    const { items, remote } = sourceOver(store, { maxBytes: 1_000_000 });
    store.put(`${PREFIX}giant.txt`, Buffer.alloc(1_000_001));
    const giant = await mustFind(items, 'giant.txt');
    expect((await failureOf(remote.borrow(giant.source, async () => {}))).code).toBe('source.too-large');
    for (const name of names) {
      const { source } = await mustFind(items, `${name}.txt`);
      await remote.borrow(source, async (file) => expect(file.endsWith('.txt')).toBe(true));
    }
    // What was lent a moment ago stays: somebody may be about to open it.
    expect(await readdir(folder)).toHaveLength(3);
    const long = new Date(Date.now() - 3_600_000);
    for (const name of await readdir(folder)) {
      const file = join(folder, name);
      await utimes(file, long, (await stat(file)).mtime);
    }
    await remote.borrow((await mustFind(items, 'b.txt')).source, async () => {});
    store.put(`${PREFIX}d.txt`, Buffer.alloc(400_000, 'd'));
    await remote.borrow((await mustFind(items, 'd.txt')).source, async () => {});
    const kept = await Promise.all((await readdir(folder)).map(async (name) => (await readFile(join(folder, name), 'latin1'))[0]));
    expect(kept.sort()).toEqual(['b', 'd']);
  });

  it('is purged with its item, or with a folder that it is in, and what is lent goes when it is given back', async () => {
    for (const path of ['letters/old/a.txt', 'letters/b.txt', 'letters-of-others/c.txt', 'd.txt']) store.put(PREFIX + path, path);
    const { items, remote } = sourceOver(store);
    const bring = async (path: string, use = async (_file: string) => {}) => remote.borrow((await mustFind(items, path)).source, use);
    const kept = async () => (await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))).sort();
    for (const path of ['letters/old/a.txt', 'letters/b.txt', 'letters-of-others/c.txt', 'd.txt']) await bring(path);
    expect(await remote.purge({ kind: 'item', path: 'd.txt' })).toBe(1);
    expect(await kept()).toEqual(['letters-of-others/c.txt', 'letters/b.txt', 'letters/old/a.txt']);
    await bring('letters/b.txt', async (file) => {
      expect(await remote.purge({ kind: 'folder', path: 'letters' })).toBe(2);
      expect(await readFile(file, 'utf8')).toBe('letters/b.txt');
    });
    expect(await kept()).toEqual(['letters-of-others/c.txt']);
    await bring('letters/b.txt');
    expect(await countCopies(folder)).toEqual({ files: 2, bytes: 'letters-of-others/c.txt'.length + 'letters/b.txt'.length });
    expect(await purgeCopies(folder, { kind: 'everything' })).toBe(2);
    expect(await kept()).toEqual([]);
  });

  it('that is read in parts is asked for anew after a purge', async () => {
    store.put(`${PREFIX}letters/a.txt`, Buffer.alloc(1_000, 'a'));
    store.put(`${PREFIX}b.txt`, Buffer.alloc(1_000, 'b'));
    const { items, remote } = sourceOver(store);
    const [a, b] = [await mustFind(items, 'letters/a.txt'), await mustFind(items, 'b.txt')];
    const readBoth = async () => {
      const before = store.requests.length;
      await remote.read(a.source, 0, 10);
      await remote.read(b.source, 0, 10);
      return store.requests.length - before;
    };
    expect([await readBoth(), await readBoth()]).toEqual([2, 0]);
    await remote.purge({ kind: 'folder', path: 'letters' });
    expect(await readBoth()).toBe(1);
  });

  it('that could not be brought here whole leaves nothing, and what a process left half done goes', async () => {
    store.put(`${PREFIX}a.txt`, Buffer.alloc(1_000));
    store.put(`${PREFIX}b.txt`, Buffer.alloc(1_000));
    const { items, remote } = sourceOver(store);
    const [a, b] = [await mustFind(items, 'a.txt'), await mustFind(items, 'b.txt')];
    store.misbehave((_request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-999/1000' });
      response.end('too short');
      return true;
    });
    expect((await failureOf(remote.borrow(a.source, async () => {}))).code).toBe('source.unreachable');
    expect(await readdir(folder)).toEqual([]);
    store.misbehave(null);
    const left = join(folder, 'of-a-process-that-was-killed.part');
    await writeFile(left, 'half');
    await utimes(left, 1, 1);
    await remote.borrow(b.source, async (file) => expect((await readFile(file)).length).toBe(1_000));
    expect(await readdir(folder)).toHaveLength(1);
  });
});

describe('a large picture in a store', () => {
  it('gets a pyramid beside, and then is not needed for its tiles', async () => {
    const picture = paint(1900, 1300);
    store.put(`${PREFIX}large.jpg`, await open(picture).jpeg().toBuffer());
    const { items, remote } = sourceOver(store);
    const made = Promise.withResolvers<void>();
    const pyramids = createPyramids({
      folder: join(folder, 'pyramids'),
      recipe: { quality: 90, subsampling: '4:2:0', colour: 'srgb' },
      maxBytes: 1e9,
      atOnce: 1,
      imaging: IMAGING_DEFAULTS,
      remote,
      onMade: () => made.resolve(),
      onFailure: (_item, why) => made.reject(why),
    });
    const reader = createImageReader(IMAGING_DEFAULTS, pyramids, remote);
    const item = await mustFind(items, 'large.jpg');
    const size = { width: TILE, height: TILE };
    const plan = planOf({ region: { x: 512, y: 512, width: 512, height: 512 }, size, format: 'jpg' });
    const before = await decode(await reader.render(item, await reader.describe(item), plan, new AbortController().signal), 3);
    await made.promise;
    store.misbehave((request) => {
      request.socket.destroy();
      return true;
    });
    const tile = await reader.copy(item, plan);
    expect(difference(await decode(tile ?? Buffer.alloc(0), 3), before).mean).toBeLessThan(3);
    await reader.close();
  }, 60_000);
});

describe('a film in a store', () => {
  it('is streamed in the part that is wanted', async () => {
    store.put(`${PREFIX}film.mp4`, Buffer.from(Array.from({ length: 3_000 }, (_, i) => i & 255)));
    const { items, remote } = sourceOver(store);
    const { source } = await mustFind(items, 'film.mp4');
    const parts: Uint8Array[] = [];
    for await (const part of createMediaFiles(remote).read(source, 1_000, 50)) parts.push(part);
    expect([...Buffer.concat(parts)]).toEqual(Array.from({ length: 50 }, (_, i) => (i + 1_000) & 255));
  });
});

describe('a store that misbehaves', () => {
  const bytes = Buffer.alloc(1_000, 7);

  async function outcomeOf(how: Misbehaviour): Promise<string> {
    store.put(`${PREFIX}a.txt`, bytes);
    const { items, remote } = sourceOver(store);
    const { source } = await mustFind(items, 'a.txt');
    store.misbehave(how);
    const { code, publicText } = await failureOf(remote.read(source, 100, 500));
    expect(publicText).not.toContain('a.txt');
    return code;
  }

  const head = (length: number, etag = '"x"') => ({ etag, 'content-range': 'bytes 100-599/1000', 'content-length': length });
  const etagOf = () => `"${'0'.repeat(32)}"`;

  it.each<readonly [string, string, Misbehaviour]>([
    ['never answers', 'source.slow', () => true],
    [
      'stops in the middle',
      'source.slow',
      (_request, response) => {
        response.writeHead(206, { 'content-range': 'bytes 0-999/1000', 'content-length': 1_000 });
        return response.write('x');
      },
    ],
    [
      'hangs up',
      'source.unreachable',
      (request) => {
        request.socket.destroy();
        return true;
      },
    ],
    [
      'hangs up in the middle',
      'source.unreachable',
      (_request, response) => {
        response.writeHead(206, { 'content-range': 'bytes 0-999/1000', 'content-length': 1_000 });
        response.write('x', () => response.socket?.destroy());
        return true;
      },
    ],
    [
      'ends too early',
      'source.unreachable',
      (_request, response) => {
        response.writeHead(206, { 'content-range': 'bytes 0-999/1000' });
        response.end('too short');
        return true;
      },
    ],
    [
      'sends more than was asked for',
      'source.unreachable',
      (_request, response) => {
        response.writeHead(206, { 'content-range': 'bytes 0-999/1000' });
        response.end(Buffer.alloc(100_000));
        return true;
      },
    ],
    [
      'sends another part',
      'source.broken',
      (_request, response) => {
        response.writeHead(206, head(500));
        response.end(Buffer.alloc(500));
        return true;
      },
    ],
    [
      'sends another object',
      'source.broken',
      (_request, response) => {
        response.writeHead(206, { ...head(1_000, etagOf()), 'content-range': 'bytes 0-999/1000' });
        response.end(Buffer.alloc(1_000));
        return true;
      },
    ],
    [
      'ignores the range',
      'source.unreachable',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 1_000 });
        response.end(Buffer.alloc(1_000));
        return true;
      },
    ],
    [
      'sends elsewhere',
      'source.unreachable',
      (_request, response) => {
        response.writeHead(307, { location: 'http://127.0.0.1:9/' });
        response.end();
        return true;
      },
    ],
    [
      'is out of order',
      'source.unreachable',
      (_request, response) => {
        response.writeHead(500);
        response.end();
        return true;
      },
    ],
  ])('and %s: %s', async (_name, code, how) => {
    expect(await outcomeOf(how)).toBe(code);
  });

  it('once is asked again, and nobody notices', async () => {
    store.put(`${PREFIX}a.txt`, bytes);
    let failed = false;
    store.misbehave((_request, response) => {
      if (failed) return false;
      failed = true;
      response.writeHead(503);
      response.end();
      return true;
    });
    expect(await sourceOver(store).items.find('a.txt')).not.toBeNull();
  });

  it('with a listing that never ends or is none is not believed', async () => {
    const { items } = sourceOver(store);
    const list = () => items.list('', { offset: 0, limit: 1 });
    const answers = ['<html>', '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>'];
    for (const answer of answers) {
      store.misbehave((_request, response) => {
        response.end(answer);
        return true;
      });
      expect((await failureOf(list())).code).toBe('source.unreachable');
    }
  });

  it('is not shown the secret, and does not let in who has another one', async () => {
    store.put(`${PREFIX}a.txt`, bytes);
    const { items } = sourceOver(store, { secret: 'a guess' });
    const { code, log, publicText } = await failureOf(items.find('a.txt'));
    expect(code).toBe('source.unreachable');
    expect(log + publicText).not.toContain('a guess');
  });
});
