import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDerivatives, type Derivatives } from '../../../src/adapters/cache/derivatives/derivatives.ts';
import type { DerivativeKey, Making, Purge } from '../../../src/domain/derivative.ts';

const MEGABYTE = 1_000_000;

let folder: string;
let opened: Derivatives[];
let failures: unknown[];
/** What is kept beside derivatives was told of these. */
let alsoPurged: Purge[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-derivatives-'));
  opened = [];
  failures = [];
  alsoPurged = [];
});

afterEach(async () => {
  for (const each of opened) await each.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** One process's view of the cache. Without memory, so that all comes from disk. */
function open(options: { memoryBytes?: number; diskBytes?: number; processes?: number; keepsEverything?: boolean } = {}): Derivatives {
  const derivatives = createDerivatives({
    folder,
    memoryBytes: 0,
    diskBytes: 100 * MEGABYTE,
    isOnLocalDisk: async () => true,
    keepsEverything: true,
    processes: 2,
    alsoPurge: async (purge) => {
      alsoPurged.push(purge);
      return { pyramids: 2, copies: 1 };
    },
    onFailure: (error) => void failures.push(error),
    ...options,
  });
  opened.push(derivatives);
  return derivatives;
}

function key(text: string, item = 'letters/anna.jpg', standIn?: string): DerivativeKey {
  return { text, item, standIn };
}

function made(changes: Partial<Making> = {}): Making {
  return { copied: false, begun: new Date(), milliseconds: 20, ...changes };
}

async function files(): Promise<string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => /^[0-9a-f]{2}$/.test(basename(entry.parentPath)) && !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function onlyFile(): Promise<string> {
  const [file, ...others] = await files();
  expect(others).toEqual([]);
  return file ?? '';
}

describe('derivatives on disk', () => {
  it('are there for another process, and after the end of the one that made them', async () => {
    const first = open();
    first.put(key('a'), Uint8Array.of(1, 2, 3), made());
    await first.close();
    expect(await open().get(key('a'))).toEqual(Buffer.from([1, 2, 3]));
    expect(await open().get(key('b'))).toBeNull();
    expect(failures).toEqual([]);
  });

  it('are for the owner of the data folder only, and say to backups what they are', async () => {
    const derivatives = open();
    derivatives.put(key('a'), Uint8Array.of(1, 2, 3), made());
    await derivatives.close();
    expect((await stat(await onlyFile())).mode & 0o077).toBe(0);
    expect((await stat(join(await onlyFile(), '..'))).mode & 0o077).toBe(0);
    expect(await readFile(join(folder, 'CACHEDIR.TAG'), 'utf8')).toMatch(/^Signature: 8a477f597d28d172789f06886806bc55\n/);
  });

  it('are at once in memory too, where there is memory for them', async () => {
    const derivatives = open({ memoryBytes: MEGABYTE });
    derivatives.put(key('a'), Uint8Array.of(1), made());
    expect(derivatives.get(key('a'))).toEqual(Uint8Array.of(1));
  });

  it('are not those that are copied from the source', async () => {
    const derivatives = open({ memoryBytes: MEGABYTE });
    derivatives.put(key('a'), Uint8Array.of(1), made({ copied: true }));
    await derivatives.settled();
    expect(await files()).toEqual([]);
    expect(derivatives.get(key('a'))).toEqual(Uint8Array.of(1));
  });

  it('are in memory only when they are copied a second time, where copying is cheap', async () => {
    const derivatives = open({ memoryBytes: MEGABYTE });
    const cheap = made({ copied: true, milliseconds: 0 });
    derivatives.put(key('a'), Uint8Array.of(1), cheap);
    expect(derivatives.recall(key('a'))).toBeNull();
    expect(derivatives.share(key('a'), Uint8Array.of(1))).toBe(false);
    derivatives.put(key('b'), Uint8Array.of(2), cheap);
    derivatives.put(key('a'), Uint8Array.of(1), cheap);
    expect(derivatives.recall(key('a'))).toEqual(Uint8Array.of(1));
    expect(derivatives.share(key('a'), Uint8Array.of(1))).toBe(true);
    expect(derivatives.recall(key('b'))).toBeNull();
  });

  it('are those that are asked for again, from memory', async () => {
    const derivatives = open({ memoryBytes: MEGABYTE, keepsEverything: false });
    derivatives.put(key('a'), Uint8Array.of(1), made());
    derivatives.put(key('b'), Uint8Array.of(2), made());
    await derivatives.settled();
    expect(await files()).toEqual([]);
    expect(derivatives.recall(key('a'))).toEqual(Uint8Array.of(1));
    await derivatives.settled();
    expect(await files()).toHaveLength(1);
    expect(await open().get(key('a'))).toEqual(Buffer.from([1]));
    expect(await open().get(key('b'))).toBeNull();
  });

  it('are those that are made again, because they were not in memory any more', async () => {
    const derivatives = open({ keepsEverything: false });
    derivatives.put(key('a'), Uint8Array.of(1), made());
    expect(await derivatives.get(key('a'))).toBeNull();
    derivatives.put(key('a'), Uint8Array.of(1), made());
    await derivatives.settled();
    expect(await derivatives.get(key('a'))).toEqual(Buffer.from([1]));
  });

  it('are those that were slow to make for their size, at once', async () => {
    const derivatives = open({ keepsEverything: false });
    derivatives.put(key('a'), new Uint8Array(MEGABYTE), made({ milliseconds: 500 }));
    derivatives.put(key('b'), Uint8Array.of(1), made({ milliseconds: 500 }));
    await derivatives.settled();
    expect(await derivatives.get(key('a'))).toBeNull();
    expect(await derivatives.get(key('b'))).toEqual(Buffer.from([1]));
  });

  it('are not those that were asked for again before a purge, and after it', async () => {
    const derivatives = open({ memoryBytes: MEGABYTE, keepsEverything: false });
    derivatives.put(key('a'), Uint8Array.of(1), made());
    expect(derivatives.recall(key('a'))).not.toBeNull();
    await derivatives.purge({ kind: 'item', path: 'letters/anna.jpg' });
    await derivatives.settled();
    expect(derivatives.recall(key('a'))).toBeNull();
    expect(await files()).toEqual([]);
  });

  it('may be switched off', async () => {
    const derivatives = open({ diskBytes: 0 });
    derivatives.put(key('a'), Uint8Array.of(1), made());
    await derivatives.settled();
    expect(await derivatives.get(key('a'))).toBeNull();
    expect(await files()).toEqual([]);
  });

  it.each<readonly [string, (file: string) => Promise<unknown>]>([
    ['cut off', (file) => truncate(file, 200)],
    ['empty', (file) => truncate(file, 0)],
    ['longer', async (file) => writeFile(file, Buffer.concat([await readFile(file), Buffer.from('x')]))],
    ['changed in its bytes', (file) => change(file, -1)],
    [
      'changed in its checksum',
      async (file) => writeFile(file, (await readFile(file, 'latin1')).replace('"sha256":"', '"sha256":"x'), 'latin1'),
    ],
    ['another file', (file) => writeFile(file, 'something else')],
    ['the file of another derivative', async (file) => rename(await otherFile(), file)],
    [
      'a folder',
      async (file) => {
        await rm(file);
        await mkdir(join(file, 'within'), { recursive: true });
      },
    ],
    [
      'a link to somewhere else',
      async (file) => {
        await rm(file);
        await symlink('/etc/hostname', file);
      },
    ],
    ['a head without an end', (file) => writeFile(file, `vitrine derivative 1\n${'x'.repeat(100_000)}`)],
  ])('that are %s are not served, and removed', async (_what, spoil) => {
    const derivatives = open();
    derivatives.put(key('a'), new Uint8Array(1000).fill(7), made());
    await derivatives.settled();
    const file = await onlyFile();
    await spoil(file);
    expect(await derivatives.get(key('a'))).toBeNull();
    await expect(stat(file)).rejects.toThrow('ENOENT');
    derivatives.put(key('a'), new Uint8Array(1000).fill(8), made());
    await derivatives.settled();
    expect(await derivatives.get(key('a'))).toEqual(Buffer.alloc(1000, 8));
    expect(failures).toEqual([]);
  });

  async function otherFile(): Promise<string> {
    const derivatives = open();
    const before = await files();
    derivatives.put(key('b'), new Uint8Array(1000).fill(9), made());
    await derivatives.settled();
    return (await files()).find((file) => !before.includes(file)) ?? '';
  }

  it('are never more than they may be, whoever writes, and those used the longest ago go first', async () => {
    const processes = [open({ diskBytes: 10 * MEGABYTE }), open({ diskBytes: 10 * MEGABYTE })];
    const anHourAgo = new Date(Date.now() - 3_600_000);
    processes[0]?.put(key('favourite'), new Uint8Array(100_000), made());
    await processes[0]?.settled();
    for (let n = 0; n < 150; n += 1) {
      for (const each of processes) each.put(key(`${n} ${processes.indexOf(each)}`), new Uint8Array(100_000), made());
      for (const each of processes) await each.settled();
      for (const file of await files()) if (n % 10 === 0) await utimes(file, anHourAgo, anHourAgo);
      expect(await processes[1]?.get(key('favourite'))).not.toBeNull();
    }
    const { disk } = (await processes[0]?.stats()) ?? {};
    expect(disk?.bytes).toBeLessThanOrEqual(10 * MEGABYTE);
    expect(disk?.derivatives).toBeGreaterThan(40);
    expect(await processes[0]?.get(key('0 0'))).toBeNull();
    expect(await processes[0]?.get(key('149 1'))).not.toBeNull();
  });

  it('that nobody finished are removed after a while, and other things with them', async () => {
    const derivatives = open();
    derivatives.put(key('a'), Uint8Array.of(1), made());
    await derivatives.settled();
    const within = join(await onlyFile(), '..');
    const old = new Date(Date.now() - 3_600_000);
    for (const name of ['new-old', 'new-now', 'note.txt']) await writeFile(join(within, name), 'x');
    await utimes(join(within, 'new-old'), old, old);
    expect((await derivatives.stats()).disk).toMatchObject({ derivatives: 1 });
    expect((await readdir(within)).filter((name) => !/^[0-9a-f]/.test(name))).toEqual(['new-now']);
  });

  it('that cannot be written cost nobody the picture', async () => {
    await writeFile(join(folder, 'file'), 'where the folder should be');
    const derivatives = createDerivatives({
      folder: join(folder, 'file'),
      memoryBytes: MEGABYTE,
      diskBytes: 100 * MEGABYTE,
      isOnLocalDisk: async () => true,
      keepsEverything: true,
      processes: 1,
      alsoPurge: async () => ({ pyramids: 0, copies: 0 }),
      onFailure: (error) => void failures.push(error),
    });
    opened.push(derivatives);
    derivatives.put(key('a'), Uint8Array.of(1), made());
    derivatives.put(key('b'), Uint8Array.of(2), made());
    await derivatives.settled();
    expect(derivatives.get(key('a'))).toEqual(Uint8Array.of(1));
    expect(failures.length).toBeGreaterThan(0);
  });
});

describe('a purge', () => {
  const everywhere = ['letters/anna.jpg', 'letters/book/bert.tif', 'letters-of-others/carl.jpg'];

  async function filled(): Promise<Derivatives> {
    const derivatives = open({ memoryBytes: MEGABYTE });
    for (const item of everywhere) {
      derivatives.put(key(`${item} small`, item), Uint8Array.of(1), made());
      derivatives.put(key(`${item} preview`, item), Uint8Array.of(2), made());
    }
    derivatives.put(key('anna instead of carl', 'letters-of-others/carl.jpg', 'letters/anna.jpg'), Uint8Array.of(3), made());
    await derivatives.settled();
    return derivatives;
  }

  it('of an item takes all of it, and what shows its bytes, from memory and disk', async () => {
    const derivatives = await filled();
    expect(await derivatives.purge({ kind: 'item', path: 'letters/anna.jpg' })).toEqual({ memory: 3, disk: 3, pyramids: 2, copies: 1 });
    expect(await derivatives.get(key('letters/anna.jpg small', 'letters/anna.jpg'))).toBeNull();
    expect(await derivatives.get(key('anna instead of carl', 'letters-of-others/carl.jpg', 'letters/anna.jpg'))).toBeNull();
    expect((await derivatives.stats()).disk).toMatchObject({ derivatives: 4 });
    expect((await derivatives.stats()).memory).toMatchObject({ derivatives: 4 });
  });

  it('of a folder takes all below it, and nothing whose name only begins alike', async () => {
    const derivatives = await filled();
    expect(await derivatives.purge({ kind: 'folder', path: 'letters' })).toEqual({ memory: 5, disk: 5, pyramids: 2, copies: 1 });
    expect(await derivatives.get(key('letters-of-others/carl.jpg small', 'letters-of-others/carl.jpg'))).not.toBeNull();
  });

  it('of everything leaves nothing', async () => {
    const derivatives = await filled();
    expect(await derivatives.purge({ kind: 'everything' })).toEqual({ memory: 7, disk: 7, pyramids: 2, copies: 1 });
    expect(await files()).toEqual([]);
  });

  it('takes what was begun before it, too, however late that is put', async () => {
    const derivatives = open({ memoryBytes: MEGABYTE });
    const begun = new Date(Date.now() - 10);
    await derivatives.purge({ kind: 'item', path: 'letters/anna.jpg' });
    derivatives.put(key('old'), Uint8Array.of(1), made({ begun }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    derivatives.put(key('new'), Uint8Array.of(2), made());
    await derivatives.settled();
    expect(await derivatives.get(key('old'))).toBeNull();
    expect(await derivatives.get(key('new'))).not.toBeNull();
  });

  it('by another process is heard of: in memory, and of what is under way', async () => {
    const [here, there] = [await filled(), open()];
    const begun = new Date(Date.now() - 10);
    const purge = { kind: 'item', path: 'letters/anna.jpg' } as const;
    await there.purge(purge);
    expect(alsoPurged).toEqual([purge]);
    here.put(key('put before it was heard'), Uint8Array.of(4), made({ begun }));
    await here.settled();
    await here.look();
    expect(alsoPurged).toEqual([purge, purge]);
    expect(await here.get(key('letters/anna.jpg small', 'letters/anna.jpg'))).toBeNull();
    expect(await here.get(key('put before it was heard'))).toBeNull();
    here.put(key('put after it was heard'), Uint8Array.of(4), made({ begun }));
    await here.settled();
    expect(await here.get(key('put after it was heard'))).toBeNull();
    expect(await here.get(key('letters-of-others/carl.jpg small', 'letters-of-others/carl.jpg'))).not.toBeNull();
  });
});

async function change(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  const place = bytes.length + at;
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  await writeFile(file, bytes);
}
