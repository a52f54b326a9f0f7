import { describe, expect, it } from 'vitest';
import type { AccessModel } from '../../domain/access.ts';
import type { Item } from '../../domain/item.ts';
import { nobody } from '../../domain/visitor.ts';
import { createRememberedVisitors } from '../../flows/remember-visitors.ts';
import type { ImageRequest } from '../../iiif/image/request.ts';
import { createReadyImages, type MadeImage } from './ready-images.ts';

const NOW = new Date(1_000_000);
const OPEN: AccessModel = { enforced: false, services: new Map(), policies: [] };
const source = { file: '/private/file', bytes: 9, modified: new Date(0), version: '1' };
const ITEM: Item = { identifier: 'a.jpg', path: 'a.jpg', page: 1, kind: 'image', mediaType: 'image/jpeg', source };
const REQUEST: ImageRequest = {
  version: 3,
  identifier: 'a.jpg',
  region: { kind: 'full' },
  size: { kind: 'max', upscale: false },
  rotation: { mirrored: false, degrees: 0 },
  quality: 'default',
  format: 'jpg',
};
const SIZE = { width: 1, height: 1 };
const IMAGE: MadeImage = {
  kind: 'image',
  item: ITEM,
  key: { text: 'key', item: 'a.jpg' },
  plan: { region: { x: 0, y: 0, ...SIZE }, size: SIZE, mirrored: false, degrees: 0, quality: 'default', format: 'jpg', canonical: '' },
  etag: '"1"',
  modified: null,
  open: true,
  bytes: new Uint8Array(100_000),
};
const DENIED: MadeImage = {
  kind: 'denied',
  item: ITEM,
  decision: { outcome: 'refused', policy: null, reason: { code: 'no-policy' } },
};

async function start() {
  const visitors = createRememberedVisitors({ clock: { now: () => NOW }, peopleChanges: () => 0 });
  const bytes = new Uint8Array(100_000);
  const ready = createReadyImages({
    visitors,
    visits: { given: () => {}, refused: () => {}, turnedAway: () => {} },
    cache: { recall: () => bytes, share: () => true },
    seal: (reply) => reply,
    parse: () => null,
    serveAtOnce: () => null,
    maxBytes: 1_000_000,
    access: () => OPEN,
    now: () => NOW,
    shownReply: () => ({ status: 200, headers: {}, body: bytes }),
    deniedReply: () => ({ status: 403, headers: {}, body: null }),
  });
  const requestFrom = (origin: string | null, path: string) => ({
    path,
    base: 'http://localhost',
    address: '192.0.2.1',
    raw: { peer: '192.0.2.1' },
    header: (name: string) => (name === 'origin' ? origin : null),
  });
  const ask = async (path: string, origin: string | null = null) => {
    await visitors.recognise(`192.0.2.1\n${origin ?? ''}\n`, async () => nobody('192.0.2.1'));
    return ready.answer(3, requestFrom(origin, path))?.status ?? null;
  };
  const keep = (path: string, made: MadeImage) => ready.keep({ path, base: 'http://localhost', request: REQUEST, at: NOW }, made, OPEN);
  return { ask, keep };
}

describe('images that are ready', () => {
  it('lose no room to requests of those who may not see them', async () => {
    const { ask, keep } = await start();
    keep('shown', IMAGE);
    for (let at = 0; at < 20_000; at++) keep(`refused ${at}`, DENIED);
    expect(await ask('shown')).toBe(200);
  });

  it('stay an answer for others when somebody is refused them', async () => {
    const { ask, keep } = await start();
    keep('shown', IMAGE);
    keep('shown', DENIED);
    expect(await ask('shown')).toBe(200);
  });

  it('weigh what they are as answers to viewers on many sites', async () => {
    const { ask, keep } = await start();
    for (const path of ['a', 'b']) keep(path, IMAGE);
    for (const path of ['a', 'b']) {
      for (let site = 0; site < 8; site++) expect(await ask(path, `https://viewer${site}.example`)).toBe(200);
    }
    // Each seven times a tenth of the room, beside the bytes that are the cache's: one of them had to go.
    expect(await ask('a')).toBeNull();
    expect(await ask('b')).toBe(200);
  });
});
