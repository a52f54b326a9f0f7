import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ItemSource, StreamSource } from '../../src/domain/ports.ts';

/** A source over a place that tests write to. What is looked up is not kept. */
export interface SourceUnderTest {
  readonly items: ItemSource & StreamSource;
  write(path: string, content?: string, modified?: Date): Promise<void>;
  remove(path: string): Promise<void>;
  /** Everything. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const HOSTILE = readFileSync(join(import.meta.dirname, '../attacks/hostile-identifiers.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

const ALL = { offset: 0, limit: 1000 };

/** What every place that items come from does alike. */
export function testItemSource(place: string, open: () => Promise<SourceUnderTest>): void {
  describe(`${place}, as a source of items`, () => {
    let test: SourceUnderTest;
    beforeAll(async () => {
      test = await open();
    });
    afterEach(() => test.clear());
    afterAll(() => test.close());

    const namesIn = async (folder = '') => (await test.items.list(folder, ALL))?.entries.map(({ name }) => name);

    it('finds an item, with path, size and time', async () => {
      const modified = new Date('2026-03-04T05:06:07Z');
      await test.write('maps/old/one.jpg', 'four', modified);
      expect(await test.items.find('maps/old/one.jpg')).toMatchObject({
        identifier: 'maps/old/one.jpg',
        path: 'maps/old/one.jpg',
        page: 1,
        kind: 'image',
        mediaType: 'image/jpeg',
        source: { bytes: 4, modified: expect.any(Date), version: expect.stringMatching(/^[\w-]{16}$/) },
      });
    });

    it.each([
      ['jpg', 'image', 'image/jpeg'],
      ['Tiff', 'image', 'image/tiff'],
      ['jp2', 'image', 'image/jp2'],
      ['mp4', 'film', 'video/mp4'],
      ['mp3', 'sound', 'audio/mpeg'],
      ['pdf', 'document', 'application/pdf'],
      ['glb', 'model', 'model/gltf-binary'],
      ['txt', 'text', 'text/plain'],
    ])('knows .%s as %s of type %s', async (extension, kind, mediaType) => {
      await test.write(`a.${extension}`);
      expect(await test.items.find(`a.${extension}`)).toMatchObject({ kind, mediaType, page: 1 });
      expect((await test.items.list('', ALL))?.entries).toMatchObject([{ kind, path: `a.${extension}` }]);
    });

    it.each(['svg', 'yaml', 'db', 'jpg.bak', 'php', 'key'])('knows .%s as no item', async (extension) => {
      await test.write(`a.${extension}`);
      expect(await test.items.find(`a.${extension}`)).toBeNull();
      expect((await namesIn()) ?? []).toEqual([]);
    });

    it.each([
      'two words.jpg',
      'ein Ordner/mit Bild.jpg',
      'Z\u00fcrich.jpg',
      'Zu\u0308rich.jpg',
      '地図/東京.jpg',
      '😀.jpg',
      'a%2Fb.jpg',
      '100%.jpg',
      "a!b'c(d)e*f.jpg",
      'a+b&c=d?.jpg',
      'a#b;c:d@e,f$g.jpg',
      'a"b<c>d.jpg',
      '-rf.jpg',
      'a..b.jpg',
      '~.jpg',
      'x.tif/notes.jpg',
      '2/3.jpg',
    ])('finds and lists the name %s alike', async (path) => {
      await test.write(path);
      const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
      const listed = await test.items.list(folder, ALL);
      expect(listed?.entries.map((entry) => entry.path)).toEqual([path]);
      expect((await test.items.find(path))?.path).toBe(path);
    });

    it('tells names apart that differ only in their Unicode form', async () => {
      await test.write('Z\u00fcrich.jpg');
      expect(await test.items.find('Zu\u0308rich.jpg')).toBeNull();
    });

    it('finds nothing at hostile identifiers', async () => {
      for (const path of ['maps/one.jpg', 'plain.jpg']) await test.write(path);
      for (const line of HOSTILE) expect(await test.items.find(decodeURIComponent(line)), line).toBeNull();
    });

    it('answers null for what is no folder', async () => {
      await test.write('maps/one.jpg');
      for (const folder of ['missing', '..', '.', '/', 'maps/', 'maps/..', 'maps\\', 'maps\u0000', 'maps/one.jpg', 'map']) {
        expect(await test.items.list(folder, ALL), folder).toBeNull();
      }
    });

    it('names pages by their number, and all have the version of their file', async () => {
      await test.write('shelf/book.tif');
      const first = await test.items.find('shelf/book.tif');
      expect(await test.items.find('shelf/book.tif/2')).toMatchObject({ path: 'shelf/book.tif', page: 2 });
      expect((await test.items.find('shelf/book.tif/2'))?.source).toEqual(first?.source);
      expect(await test.items.find('shelf/book.tif/1')).toBeNull();
    });

    it('gives other bytes another version, and the same bytes the same', async () => {
      await test.write('a.jpg', 'one');
      const versionNow = async () => (await test.items.find('a.jpg'))?.source.version;
      const before = await versionNow();
      expect(await versionNow()).toBe(before);
      await test.write('a.jpg', 'two');
      expect(await versionNow()).not.toBe(before);
    });

    it('sees what comes and goes', async () => {
      expect(await test.items.find('new/a.jpg')).toBeNull();
      await test.write('b.jpg');
      await test.write('new/a.jpg');
      expect(await namesIn()).toEqual(['new', 'b.jpg']);
      expect(await test.items.find('new/a.jpg')).not.toBeNull();
      await test.remove('new/a.jpg');
      expect(await test.items.find('new/a.jpg')).toBeNull();
    });

    it('puts folders first, and both in natural order', async () => {
      for (const path of [
        'page 10.jpg',
        'page 2.jpg',
        'Page 1.jpg',
        'z/x.jpg',
        'box 12/x.jpg',
        'box 3/x.jpg',
        'Éclair.jpg',
        'eclipse.jpg',
      ]) {
        await test.write(path);
      }
      expect(await namesIn()).toEqual(['box 3', 'box 12', 'z', 'Éclair.jpg', 'eclipse.jpg', 'Page 1.jpg', 'page 2.jpg', 'page 10.jpg']);
    });

    it('gives the same entries page by page as at once', async () => {
      for (const path of ['b/x.jpg', 'a/x.jpg', 'c/x.jpg', '1.jpg', '2.jpg', '3.jpg', '4.jpg']) await test.write(path);
      const all = await test.items.list('', ALL);
      expect(all).toMatchObject({ total: 7, folders: 3 });
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: -2, max: 9 }), fc.integer({ min: -1, max: 9 }), async (offset, limit) => {
          const page = await test.items.list('', { offset, limit });
          const start = Math.max(0, offset);
          expect(page).toEqual({ entries: all?.entries.slice(start, start + Math.max(0, limit)), total: 7, folders: 3 });
        }),
        { numRuns: 30 },
      );
      expect((await test.items.list('', { ...ALL, only: 'items' }))?.entries).toHaveLength(4);
    });

    it('judges a file of a stream by its playlist', async () => {
      for (const path of ['film/manifest.mpd', 'film/1.m4s', 'film/init.mp4']) await test.write(path);
      expect(await test.items.find('film/init.mp4')).toBeNull();
      expect(await test.items.findPart('film/1.m4s')).toMatchObject({ item: { path: 'film/manifest.mpd' } });
      expect(await namesIn('film')).toEqual(['manifest.mpd']);
    });

    it('gives out what a model names, and nothing else beside it', async () => {
      await test.write('things/vase.gltf', JSON.stringify({ buffers: [{ uri: 'vase.bin' }] }));
      for (const path of ['things/vase.bin', 'things/other.bin']) await test.write(path);
      expect(await test.items.findPart('things/vase.bin')).toMatchObject({ item: { path: 'things/vase.gltf' } });
      expect(await test.items.findPart('things/other.bin')).toBeNull();
    });
  });
}
