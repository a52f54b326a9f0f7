import { describe, expect, it } from 'vitest';
import { PLAIN_TIER } from '../../test/fakes/tier.ts';
import { type Item, pageOf, type SourceDescription } from '../domain/item.ts';
import { describeTier } from '../domain/tier.ts';
import { describePages, MOST_PAGES } from './describe-pages.ts';

const FILE: Item = {
  identifier: 'books/atlas.tif',
  path: 'books/atlas.tif',
  page: 1,
  kind: 'image',
  mediaType: 'image/jpeg',
  source: { file: '/private/atlas.tif', bytes: 1, modified: new Date(0), version: '1' },
};

function describedAs(page: number, pages: number): SourceDescription {
  return {
    width: 1000 + page,
    height: 2000,
    pages,
    tile: null,
    levels: [],
    byRegion: false,
    pyramid: false,
    alpha: false,
    gray: false,
    formatName: 'TIFF',
    rights: null,
  };
}

/** A reader of a file with so many pages, each of a width of its own. */
function reader(pages: number) {
  return { describe: async ({ page }: Item) => describedAs(page, pages) };
}

describe('describePages', () => {
  it('describes each page of a file, in order, by its own identifier', async () => {
    const described = await describePages(reader(3), FILE, describedAs(1, 3));
    expect(described.map(({ item, description }) => [item.identifier, item.page, description.width])).toEqual([
      ['books/atlas.tif', 1, 1001],
      ['books/atlas.tif/2', 2, 1002],
      ['books/atlas.tif/3', 3, 1003],
    ]);
  });

  it('describes a later page alone', async () => {
    const page = pageOf(FILE, 2);
    expect(await describePages(reader(3), page, describedAs(2, 3))).toEqual([{ item: page, description: describedAs(2, 3) }]);
  });

  it('describes each page of a tier as the tier, by the identifier of the page’s tier', async () => {
    const tier = { ...PLAIN_TIER, maxSize: 100 };
    const item = { ...FILE, identifier: `${FILE.path}/~low`, tier };
    const described = await describePages(reader(2), item, describeTier(describedAs(1, 2), tier));
    expect(described.map(({ item: page, description }) => [page.identifier, description.height])).toEqual([
      ['books/atlas.tif/~low', 100],
      ['books/atlas.tif/2/~low', 100],
    ]);
  });

  it('asks nothing more of a file with one page', async () => {
    const images = { describe: () => Promise.reject(new Error('nothing to describe')) };
    expect(await describePages(images, FILE, describedAs(1, 1))).toHaveLength(1);
  });

  it('ends somewhere, whatever a file says of itself', async () => {
    expect(await describePages(reader(1_000_000), FILE, describedAs(1, 1_000_000))).toHaveLength(MOST_PAGES);
  });
});
