import { describe, expect, it } from 'vitest';
import type { AccessModel } from '../../domain/access.ts';
import type { Item } from '../../domain/item.ts';
import { nobody } from '../../domain/visitor.ts';
import { createManifest } from './manifest.ts';

const MEMBERS = {
  name: 'members',
  pattern: 'login',
  label: { en: ['Sign in to Example Library'] },
  networks: [],
  heading: null,
  note: null,
  confirmLabel: null,
  errorHeading: null,
  errorNote: null,
} as const;

const MODEL: AccessModel = {
  enforced: true,
  services: new Map([['members', MEMBERS]]),
  policies: [{ number: 1, line: 1, items: ['books/**'], allow: [{ service: 'members', roles: [] }] }],
};

/** A file of three pages, each smaller than the one before, and a picture that no policy opens. */
async function ask(identifier: string) {
  const handler = createManifest(3, {
    slashSubstitute: null,
    limits: { maxWidth: 2000, maxHeight: 2000, maxArea: 2_000_000, maxUpscale: 2, sizeAboveFull: false },
    title: 'Example Library',
    catalogue: { find: async () => null },
    digest: (text) => String(text.length),
    onFailure: () => {},
    files: { describe: async () => ({ seconds: null, size: null }) },
    titleOf: (path) => (path === 'books/psalter.tif' ? 'A Psalter' : null),
    access: () => MODEL,
    now: () => new Date(0),
    recognise: async () => nobody('192.0.2.1'),
    items: {
      list: async () => null,
      find: async (wanted): Promise<Item> => {
        const page = /\/([2-9])$/.exec(wanted)?.[1];
        const source = { file: '/private/x', bytes: 1, modified: new Date(0), version: '1' };
        return {
          identifier: wanted,
          path: wanted.replace(/\/[2-9]$/, ''),
          page: Number(page ?? 1),
          kind: 'image',
          mediaType: 'image/jpeg',
          source,
        };
      },
    },
    images: {
      describe: async ({ page }) => ({
        width: 4000 - page,
        height: 3000 - page,
        pages: 3,
        tile: null,
        levels: [],
        byRegion: false,
        pyramid: false,
        alpha: false,
        gray: false,
        formatName: 'TIFF',
        rights: null,
      }),
    },
  });
  const reply = await handler({
    method: 'GET',
    path: '/',
    query: new URLSearchParams(),
    params: { identifier },
    header: () => null,
    cookies: new Map(),
    address: '192.0.2.1',
    origin: 'https://iiif.example.org',
    base: 'https://iiif.example.org',
    form: () => Promise.resolve(new URLSearchParams()),
    json: () => Promise.resolve(null),
    raw: { peer: '192.0.2.7', headers: [], query: '' },
    signal: new AbortController().signal,
  });
  return { status: reply.status, document: JSON.parse(String(reply.body)) };
}

type Canvas = Readonly<{ label: unknown; width: number; height: number }>;

describe('the manifest of a file with several pages', () => {
  it('has the title of the file, and a numbered canvas for each page in the size of that page', async () => {
    const { status, document } = await ask('books%2Fpsalter.tif');
    expect(status).toBe(200);
    expect(document.label).toEqual({ none: ['A Psalter'] });
    expect(document.items.map(({ label, width, height }: Canvas) => [label, width, height])).toEqual([
      [{ none: ['1'] }, 3999, 2999],
      [{ none: ['2'] }, 3998, 2998],
      [{ none: ['3'] }, 3997, 2997],
    ]);
    expect(document.items[2].items[0].items[0].body.service[0].id).toBe('https://iiif.example.org/iiif/3/books%2Fpsalter.tif%2F3');
  });

  it('says how large its pictures are, within the limits', async () => {
    const { document } = await ask('books%2Fpsalter.tif');
    expect(document.items[0].items[0].items[0].body).toMatchObject({
      id: 'https://iiif.example.org/iiif/3/books%2Fpsalter.tif/full/max/0/default.jpg',
      width: 1632,
      height: 1224,
    });
  });

  it('of one of its pages has that page alone', async () => {
    const { document } = await ask('books%2Fpsalter.tif%2F2');
    expect(document.items.map(({ label, width }: Canvas) => [label, width])).toEqual([[{ none: ['A Psalter (2)'] }, 3998]]);
  });

  it('is told to nobody where no policy opens the file', async () => {
    expect((await ask('secret.tif')).status).toBe(403);
  });
});
