import { describe, expect, it } from 'vitest';
import { PLAIN_TIER } from '../../test/fakes/tier.ts';
import type { AccessModel, Tier } from '../domain/access.ts';
import type { Item } from '../domain/item.ts';
import { findMediaType } from '../domain/media-types.ts';
import { findItem } from './find-item.ts';

const TIER: Tier = { ...PLAIN_TIER, maxSize: 100 };
const ACCESS: AccessModel = {
  enforced: true,
  services: new Map(),
  policies: [
    { number: 1, line: 1, items: ['closed/**'], allow: [], otherwise: [TIER] },
    { number: 2, line: 2, items: ['locked/**'], allow: [], otherwise: [{ ...PLAIN_TIER, item: 'small/{name}.{ending}' }] },
  ],
};
const NOW = new Date(0);
const items = {
  find: async (identifier: string): Promise<Item | null> => {
    const path = identifier.replace(/\/2$/, '');
    const type = findMediaType(path);
    if (type === null) return null;
    return { identifier, path, page: path === identifier ? 1 : 2, ...type, source: { file: '/f', bytes: 1, modified: NOW, version: '1' } };
  },
};

describe('finding an item', () => {
  it.each(['closed/a.tif', 'closed/a.tif/2'])('finds the tier of %s under its own identifier', async (identifier) => {
    const tier = await findItem(items, ACCESS, `${identifier}/~low`);
    expect(tier).toMatchObject({ identifier: `${identifier}/~low`, path: 'closed/a.tif', tier: TIER });
    const item = await findItem(items, ACCESS, identifier);
    expect(item).not.toHaveProperty('tier');
  });

  it.each(['closed/a.tif/~high', 'open/a.tif/~low', 'closed/a.tif/~low/2', 'closed/a.tif/~low/~low', 'closed/~low'])(
    'finds nothing as %s',
    async (identifier) => {
      expect(await findItem(items, ACCESS, identifier)).toBeNull();
    },
  );

  it('knows no tiers of what is no image', async () => {
    expect(await findItem(items, ACCESS, 'closed/film.mp4/~low')).toBeNull();
  });

  it('finds another item that stands in, under the path of the item that it is judged by', async () => {
    expect(await findItem(items, ACCESS, 'locked/talk.mp4/~low')).toMatchObject({
      identifier: 'locked/talk.mp4/~low',
      path: 'locked/talk.mp4',
      standIn: 'small/talk.mp4',
      kind: 'film',
    });
  });

  it('finds the same page of it', async () => {
    expect(await findItem(items, ACCESS, 'locked/a.tif/2/~low')).toMatchObject({ standIn: 'small/a.tif', page: 2 });
  });

  it('finds no other item that is missing or of another kind, nor a film with changed pixels', async () => {
    const found = async (pattern: string, extra: Partial<Tier> = {}) => {
      const otherwise = [{ ...PLAIN_TIER, item: pattern, ...extra }];
      const access = { ...ACCESS, policies: [{ number: 1, line: 1, items: ['**'], allow: [], otherwise }] };
      return findItem(items, access, 'a.mp4/~low');
    };
    expect(await found('b.mp4')).not.toBeNull();
    expect(await found('b.mp3')).toBeNull();
    expect(await found('b.jpg')).toBeNull();
    expect(await found('b')).toBeNull();
    expect(await found('{name}.{ending}')).toBeNull();
    expect(await found('b.mp4', { gray: true })).toBeNull();
  });
});
