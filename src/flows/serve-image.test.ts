import { describe, expect, it } from 'vitest';
import type { AccessModel } from '../domain/access.ts';
import type { Making } from '../domain/derivative.ts';
import type { Item, SourceDescription } from '../domain/item.ts';
import { nobody } from '../domain/visitor.ts';
import type { ImageRequest } from '../iiif/image/request.ts';
import { createRenderLanes } from './render-lanes.ts';
import { type ImageAsk, type ImageDeps, laneOf, serveImage } from './serve-image.ts';

const OPEN: AccessModel = { enforced: false, services: new Map(), policies: [] };
const CLOSED: AccessModel = { enforced: true, services: new Map(), policies: [] };
const DESCRIPTION: SourceDescription = {
  width: 4000,
  height: 3000,
  pages: 1,
  tile: null,
  levels: [],
  byRegion: false,
  pyramid: false,
  alpha: false,
  gray: false,
  formatName: 'JPEG',
  rights: null,
};
const REQUEST: ImageRequest = {
  version: 3,
  identifier: 'a.jpg',
  region: { kind: 'full' },
  size: { kind: 'max', upscale: false },
  rotation: { mirrored: false, degrees: 0 },
  quality: 'default',
  format: 'jpg',
};

/** Deps that write down what happens, in order. */
function recorded(access: AccessModel, version = 'v1', stored: Uint8Array | null = null) {
  const events: string[] = [];
  const kept = new Map<string, Uint8Array>();
  const makings: Making[] = [];
  const lane = { concurrency: 1, waiting: 10, waitSeconds: 10 };
  const item: Item = {
    identifier: 'a.jpg',
    path: 'a.jpg',
    page: 1,
    kind: 'image',
    mediaType: 'image/jpeg',
    source: { file: '/images/a.jpg', bytes: 1, modified: new Date(0), version },
  };
  const deps: ImageDeps = {
    items: { find: async (identifier) => (identifier === 'a.jpg' ? item : null), list: async () => null },
    images: {
      describe: async () => {
        events.push('describe');
        return DESCRIPTION;
      },
      copy: async () => {
        events.push('copy');
        return stored;
      },
      render: async () => {
        events.push('render');
        return new Uint8Array([1, 2, 3]);
      },
    },
    cache: {
      recall: ({ text }) => {
        events.push('memory');
        return kept.get(text) ?? null;
      },
      get: async ({ text }) => {
        events.push('cache');
        return kept.get(text) ?? null;
      },
      put: ({ text }, bytes, making) => {
        kept.set(text, bytes);
        makings.push(making);
      },
    },
    lanes: createRenderLanes({ small: lane, big: lane }),
    seating: { seat: async (visitor) => visitor },
    visits: { given: () => {}, refused: () => {}, turnedAway: () => {} },
    limits: { maxWidth: 10_000, maxHeight: 10_000, maxArea: 40_000_000, maxUpscale: 2, sizeAboveFull: false },
    access: () => access,
    now: () => new Date(0),
    rendering: 'as usual',
    digest: (key) => Buffer.from(key).toString('base64url'),
  };
  return { deps, events, kept, makings, item };
}

function ask(changes: Partial<ImageAsk> & { request?: ImageRequest } = {}): ImageAsk {
  return {
    request: REQUEST,
    visitor: async () => nobody('127.0.0.1'),
    isFresh: () => false,
    signal: new AbortController().signal,
    ...changes,
  };
}

describe('an image request', () => {
  it('is made once, then served from the cache', async () => {
    const { deps, events } = recorded(OPEN);
    expect(await serveImage(deps, ask())).toMatchObject({ kind: 'image', open: true });
    expect(await serveImage(deps, ask())).toMatchObject({ kind: 'image', bytes: new Uint8Array([1, 2, 3]) });
    expect(events).toEqual(['describe', 'memory', 'copy', 'cache', 'render', 'describe', 'memory']);
  });

  it('for what is stored so is copied, without waiting in a lane, and said to be a copy', async () => {
    const { deps, events, makings } = recorded(OPEN, 'v1', new Uint8Array([9]));
    const lanes = { ...deps.lanes, run: () => Promise.reject(new Error('a lane was asked')) };
    expect(await serveImage({ ...deps, lanes }, ask())).toMatchObject({ kind: 'image', bytes: new Uint8Array([9]) });
    expect(events).toEqual(['describe', 'memory', 'copy']);
    expect(makings).toMatchObject([{ copied: true }]);
  });

  it('that is made is kept with what it cost', async () => {
    const { deps, makings } = recorded(OPEN);
    let time = 0;
    const render = async () => {
      time += 2000;
      return new Uint8Array([1]);
    };
    await serveImage({ ...deps, images: { ...deps.images, render }, now: () => new Date(time) }, ask());
    expect(makings).toMatchObject([{ copied: false, begun: new Date(0), milliseconds: 2000 }]);
  });

  it('is decided before the source, the cache or the reader’s own copy is touched', async () => {
    const { deps, events } = recorded(CLOSED);
    const outcome = await serveImage(deps, ask({ isFresh: () => true }));
    expect(outcome).toMatchObject({ kind: 'denied', decision: { outcome: 'refused' } });
    expect(events).toEqual([]);
  });

  it('is answered as not modified without making anything', async () => {
    const { deps, events } = recorded(OPEN);
    expect(await serveImage(deps, ask({ isFresh: () => true }))).toMatchObject({ kind: 'not-modified' });
    expect(events).toEqual(['describe']);
  });

  it('for nothing is not found', async () => {
    const { deps } = recorded(OPEN);
    expect(await serveImage(deps, ask({ request: { ...REQUEST, identifier: 'b.jpg' } }))).toEqual({ kind: 'not-found' });
  });

  it('for a page that the file does not have is not found', async () => {
    const { deps, item } = recorded(OPEN);
    const find = async () => ({ ...item, page: 2 });
    expect(await serveImage({ ...deps, items: { ...deps.items, find } }, ask())).toEqual({ kind: 'not-found' });
  });

  it('outside the image is refused', async () => {
    const { deps, events } = recorded(OPEN);
    const region = { kind: 'pixels', x: 9000, y: 0, width: 10, height: 10 } as const;
    expect(await serveImage(deps, ask({ request: { ...REQUEST, region } }))).toMatchObject({ kind: 'refused', code: 'image.region' });
    expect(events).toEqual(['describe']);
  });

  it('has one cache entry in both API versions, and another one when the source or an option changes', async () => {
    const first = recorded(OPEN);
    await serveImage(first.deps, ask());
    await serveImage(first.deps, ask({ request: { ...REQUEST, version: 2 } }));
    expect(first.kept.size).toBe(1);
    const second = recorded(OPEN, 'v2');
    await serveImage(second.deps, ask());
    expect([...second.kept.keys()]).not.toEqual([...first.kept.keys()]);
    const otherOptions = recorded(OPEN);
    await serveImage({ ...otherOptions.deps, rendering: 'otherwise' }, ask());
    expect([...otherOptions.kept.keys()]).not.toEqual([...first.kept.keys()]);
  });
});

describe('the lane of a request', () => {
  const plan = {
    region: { x: 0, y: 0, width: 512, height: 512 },
    size: { width: 512, height: 512 },
    mirrored: false,
    degrees: 0,
    quality: 'default',
    format: 'jpg',
    canonical: '',
  } as const;
  const grid = { width: 12_000, height: 9_000, tile: { width: 256, height: 256 }, levels: [] };
  const tiled: SourceDescription = { ...DESCRIPTION, ...grid, byRegion: true };
  const whole: SourceDescription = { ...tiled, byRegion: false };

  it.each([
    ['a tile of a tiled source', plan, tiled, 'small'],
    ['a tile of a small source that is read as a whole', plan, DESCRIPTION, 'small'],
    ['a tile of a giant source that is read as a whole', plan, { ...whole, tile: null }, 'big'],
    ['a tile of a giant source whose pyramid is not made yet', plan, whole, 'big'],
    ['a tile of a giant source whose pyramid is kept', plan, { ...whole, pyramid: true }, 'small'],
    ['a tile without loss, which is not made of a pyramid', { ...plan, format: 'png' }, { ...whole, pyramid: true }, 'big'],
    ['a large output', { ...plan, size: { width: 3000, height: 2000 } }, DESCRIPTION, 'big'],
    [
      'a thumbnail of a pyramid',
      { ...plan, region: { x: 0, y: 0, width: 12_000, height: 9_000 }, size: { width: 400, height: 300 } },
      { ...tiled, levels: [{ width: 1500, height: 1125 }] },
      'small',
    ],
    [
      'a thumbnail of a tiled source without levels',
      { ...plan, region: { x: 0, y: 0, width: 12_000, height: 9_000 }, size: { width: 400, height: 300 } },
      tiled,
      'big',
    ],
  ] as const)('%s: %s', (_name, each, description, lane) => {
    expect(laneOf(each, description)).toBe(lane);
  });
});
