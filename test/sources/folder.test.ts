import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderSource } from '../../src/adapters/sources/folder.ts';
import type { ItemSource } from '../../src/domain/ports.ts';
import { Failure } from '../../src/lib/problems.ts';
import { testItemSource } from '../contracts/item-source.ts';
import { addTraps, type ImageFolder, makeImageFolder } from './image-folder.ts';

const HOSTILE = readFileSync(join(import.meta.dirname, '../attacks/hostile-identifiers.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

const ALL = { offset: 0, limit: 1000 };

let images: ImageFolder;
let source: ItemSource;

beforeEach(async () => {
  images = await makeImageFolder();
  source = createFolderSource(images.root, { memoMilliseconds: 0 });
});
afterEach(() => images.remove());

async function listNames(folder = '', from = source): Promise<readonly string[] | undefined> {
  return (await from.list(folder, ALL))?.entries.map(({ name }) => name);
}

testItemSource('a folder', async () => {
  const folder = await makeImageFolder();
  return {
    items: createFolderSource(folder.root, { memoMilliseconds: 0 }),
    async write(path, content, modified) {
      await folder.write(path, content);
      if (modified !== undefined) await utimes(join(folder.root, path), modified, modified);
    },
    remove: (path) => rm(join(folder.root, path)),
    async clear() {
      for (const name of await readdir(folder.root)) await rm(join(folder.root, name), { recursive: true });
    },
    close: () => folder.remove(),
  };
});

describe('a folder as a source', () => {
  it('that does not exist, or is a file, stops the start with a sentence', async () => {
    await images.write('a.jpg');
    expect(() => createFolderSource(join(images.root, 'missing'))).toThrow(/^The image folder .*missing does not exist\.$/);
    expect(() => createFolderSource(join(images.root, 'a.jpg'))).toThrow(/is a file; give the folder that it is in\.$/);
    expect(() => createFolderSource(join(images.root, 'missing'))).toThrow(Failure);
  });

  it('may be given as a link to a folder, and with loose ends', async () => {
    await images.write('maps/one.jpg');
    await symlink(images.root, join(images.root, '../link'));
    for (const root of [join(images.root, '../link'), `${images.root}/`, `${images.root}/maps/..`]) {
      expect((await createFolderSource(root).find('maps/one.jpg'))?.source.file).toBe(join(images.root, 'maps/one.jpg'));
    }
  });
});

describe('finding an item', () => {
  it('gives its path, file, size and time', async () => {
    await images.write('maps/old/one.jpg', 'four');
    await utimes(join(images.root, 'maps/old/one.jpg'), 1_000, 2_000);
    expect(await source.find('maps/old/one.jpg')).toEqual({
      identifier: 'maps/old/one.jpg',
      path: 'maps/old/one.jpg',
      page: 1,
      kind: 'image',
      mediaType: 'image/jpeg',
      source: {
        file: join(images.root, 'maps/old/one.jpg'),
        bytes: 4,
        modified: new Date(2_000_000),
        version: expect.stringMatching(/^[\w-]{16}$/),
      },
    });
  });

  it.each(['jpg', 'jpeg', 'png', 'tif', 'tiff', 'webp', 'gif', 'avif', 'jp2', 'j2k', 'jpf', 'jpx', 'j2c', 'jpc', 'JPG', 'Tiff'])(
    'knows .%s as an image',
    async (extension) => {
      await images.write(`a.${extension}`);
      expect(await source.find(`a.${extension}`)).not.toBeNull();
      expect(await listNames()).toEqual([`a.${extension}`]);
    },
  );

  it.each([
    ['mp4', 'film', 'video/mp4'],
    ['WebM', 'film', 'video/webm'],
    ['mpd', 'film', 'application/dash+xml'],
    ['m3u8', 'film', 'application/vnd.apple.mpegurl'],
    ['mp3', 'sound', 'audio/mpeg'],
    ['m4a', 'sound', 'audio/mp4'],
    ['ogg', 'sound', 'audio/ogg'],
    ['wav', 'sound', 'audio/wav'],
    ['flac', 'sound', 'audio/flac'],
    ['pdf', 'document', 'application/pdf'],
    ['epub', 'document', 'application/epub+zip'],
    ['glb', 'model', 'model/gltf-binary'],
    ['gltf', 'model', 'model/gltf+json'],
    ['txt', 'text', 'text/plain'],
    ['html', 'text', 'text/plain'],
    ['vtt', 'text', 'text/vtt'],
    ['xml', 'text', 'application/xml'],
    ['json', 'text', 'application/json'],
  ])('knows .%s as a %s of type %s', async (extension, kind, mediaType) => {
    await images.write(`a.${extension}`);
    expect(await source.find(`a.${extension}`)).toMatchObject({ kind, mediaType, page: 1 });
    expect((await source.list('', ALL))?.entries).toMatchObject([{ kind, path: `a.${extension}` }]);
  });

  it.each(['svg', 'yaml', 'db', 'jpg.bak', 'jpgx', 'php', 'js', 'ts', 'm4s', 'key'])('knows .%s as no item', async (extension) => {
    await images.write(`a.${extension}`);
    expect(await source.find(`a.${extension}`)).toBeNull();
    expect(await listNames()).toEqual([]);
  });

  it('is not upset by very long names', async () => {
    expect(await source.find(`${'n'.repeat(300)}.jpg`)).toBeNull();
    expect(await source.find(`${'folder/'.repeat(700)}a.jpg`)).toBeNull();
    expect(await source.find(`${'a/'.repeat(1_000_000)}a.jpg`)).toBeNull();
  });

  it('is no business of folders and pipes, whatever they are called', async () => {
    await addTraps(images);
    expect(await source.find('folder.jpg')).toBeNull();
    expect(await source.find('pipe.jpg')).toBeNull();
  });

  it.each(HOSTILE)('finds nothing at %s', async (line) => {
    await addTraps(images);
    expect(await source.find(decodeURIComponent(line))).toBeNull();
  });

  it('finds what lies beside the traps', async () => {
    await addTraps(images);
    for (const identifier of ['open.jpg', 'maps/one.jpg', 'book.tif', 'book.tif/2']) {
      const item = await source.find(identifier);
      expect(await readFile(item?.source.file ?? '', 'utf8')).toBe('image');
    }
  });

  it('finds nothing but files of its own below the root, whatever is asked', async () => {
    await addTraps(images);
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'maps',
      'open.jpg',
      'one.jpg',
      'secret.jpg',
      'images-secret',
      'link.jpg',
      'link-root',
      'link-folder',
      '.hidden',
    );
    const separator = fc.constantFrom('/', '//', '\\', '/./', '%2F', '\u0000');
    const identifiers = fc
      .array(fc.tuple(part, separator), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.flat().slice(0, -1).join(''));
    await fc.assert(
      fc.asyncProperty(identifiers, async (identifier) => {
        const item = await source.find(identifier);
        if (item !== null) expect(['open.jpg', 'maps/one.jpg']).toContain(item.identifier);
        const listed = await source.list(identifier, ALL);
        if (listed !== null) expect(['', 'maps']).toContain(identifier);
      }),
      { numRuns: 500 },
    );
  });
});

describe('pages', () => {
  it.each(['book.tif', 'Book.TIFF', 'shelf/book.tif'])('of %s are named by their number', async (path) => {
    await images.write(path);
    expect(await source.find(path)).toMatchObject({ identifier: path, path, page: 1 });
    expect(await source.find(`${path}/2`)).toMatchObject({ identifier: `${path}/2`, path, page: 2 });
    expect(await source.find(`${path}/10`)).toMatchObject({ page: 10 });
  });

  it('of one file share its version', async () => {
    await images.write('book.tif');
    expect((await source.find('book.tif/2'))?.source).toEqual((await source.find('book.tif'))?.source);
  });

  it('do not hide a file in a folder that is called like a book', async () => {
    await images.write('book.tif/2.jpg');
    expect(await source.find('book.tif/2.jpg')).toMatchObject({ path: 'book.tif/2.jpg', page: 1 });
    expect(await source.find('book.tif')).toBeNull();
  });
});

describe('a version', () => {
  const version = async () => (await source.find('a.jpg'))?.source.version;

  it('stays while the file does', async () => {
    await images.write('a.jpg');
    expect(await version()).toBe(await version());
  });

  it.each([
    ['the size', () => writeFile(join(images.root, 'a.jpg'), 'other bytes')],
    ['the time', () => utimes(join(images.root, 'a.jpg'), 1, 1.5)],
  ])('changes with %s', async (_what, change) => {
    await images.write('a.jpg');
    await utimes(join(images.root, 'a.jpg'), 1, 1);
    const before = await version();
    await change();
    expect(await version()).not.toBe(before);
  });

  it('changes when another file of the same size and time takes the place', async () => {
    for (const name of ['a.jpg', 'b.jpg']) {
      await images.write(name, name);
      await utimes(join(images.root, name), 1, 1);
    }
    const before = await version();
    await rename(join(images.root, 'b.jpg'), join(images.root, 'a.jpg'));
    expect(await version()).not.toBe(before);
  });
});

describe('without a restart', () => {
  it('files and folders that come and go are found, listed and forgotten', async () => {
    expect(await listNames()).toEqual([]);
    expect(await source.find('new/a.jpg')).toBeNull();
    await images.write('new/a.jpg');
    expect(await listNames()).toEqual(['new']);
    expect(await source.find('new/a.jpg')).not.toBeNull();
    await rm(join(images.root, 'new'), { recursive: true });
    expect(await listNames()).toEqual([]);
    expect(await source.find('new/a.jpg')).toBeNull();
    expect(await source.list('new', ALL)).toBeNull();
  });

  it('a file that turns into a link out of the folder is found no more', async () => {
    await addTraps(images);
    expect(await source.find('open.jpg')).not.toBeNull();
    await unlink(join(images.root, 'open.jpg'));
    await symlink('../secret.jpg', join(images.root, 'open.jpg'));
    expect(await source.find('open.jpg')).toBeNull();
    expect(await listNames()).not.toContain('open.jpg');
  });

  it('a folder that has not changed for long is not read again, and one that changes is', async () => {
    await images.write('a.jpg');
    const reading = createFolderSource(images.root, { memoMilliseconds: 0 });
    await utimes(images.root, 1, 1);
    expect(await listNames('', reading)).toEqual(['a.jpg']);
    await images.write('b.jpg');
    await utimes(images.root, 1, 1);
    expect(await listNames('', reading)).toEqual(['a.jpg']);
    await utimes(images.root, 1, 2);
    expect(await listNames('', reading)).toEqual(['a.jpg', 'b.jpg']);
  });

  it('a change in the same tick of the disk as the last one is seen', async () => {
    await images.write('a.jpg');
    const tick = Math.floor(Date.now() / 1000);
    await utimes(images.root, tick, tick);
    expect(await listNames()).toEqual(['a.jpg']);
    await images.write('b.jpg');
    await utimes(images.root, tick, tick);
    expect(await listNames()).toEqual(['a.jpg', 'b.jpg']);
  });

  it('a look-up is kept for a moment, but not that there was nothing', async () => {
    const remembering = createFolderSource(images.root, { memoMilliseconds: 60_000 });
    expect(await remembering.find('a.jpg')).toBeNull();
    await images.write('a.jpg');
    const item = await remembering.find('a.jpg');
    expect(item).not.toBeNull();
    await rm(join(images.root, 'a.jpg'));
    expect(await remembering.find('a.jpg')).toEqual(item);
  });
});

describe('listing a folder', () => {
  it('describes what is there', async () => {
    await images.write('maps/one.jpg', 'four');
    await mkdir(join(images.root, 'maps/old'));
    await utimes(join(images.root, 'maps/one.jpg'), 1, 2);
    expect(await source.list('maps', ALL)).toEqual({
      entries: [
        { kind: 'folder', path: 'maps/old', name: 'old' },
        { kind: 'image', path: 'maps/one.jpg', name: 'one.jpg', bytes: 4, modified: new Date(2_000) },
      ],
      total: 2,
      folders: 1,
    });
  });

  it('shows no links, hidden files, pipes and files that are no items', async () => {
    await addTraps(images);
    expect(await listNames()).toEqual(['folder.jpg', 'folder.tif', 'maps', 'book.tif', 'open.jpg']);
    expect(await listNames('maps')).toEqual(['one.jpg']);
  });

  it.each([
    '..',
    '../images-secret',
    '.hidden',
    'link-folder',
    'link-root',
    'link-outside-folder',
    '/',
    '.',
    'maps/',
    'maps/..',
    'open.jpg',
    'missing',
    'maps\\',
    'maps\u0000',
  ])('answers that %j is no folder', async (folder) => {
    await addTraps(images);
    expect(await source.list(folder, ALL)).toBeNull();
  });

  it('holds only what can be found', async () => {
    await addTraps(images);
    for (const folder of ['', 'maps', 'folder.jpg']) {
      for (const entry of (await source.list(folder, ALL))?.entries ?? []) {
        const found = entry.kind !== 'folder' ? await source.find(entry.path) : await source.list(entry.path, ALL);
        expect(found).not.toBeNull();
      }
    }
  });

  it('skips names that are no UTF-8', async () => {
    await writeFile(Buffer.concat([Buffer.from(`${images.root}/`), Buffer.from([0x61, 0xff]), Buffer.from('.jpg')]), 'image');
    await images.write('b.jpg');
    expect(await listNames()).toEqual(['b.jpg']);
  });
});
