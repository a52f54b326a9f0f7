import { describe, expect, it } from 'vitest';
import type { AccessModel, Tier } from '../domain/access.ts';
import type { Item } from '../domain/item.ts';
import { findMediaType } from '../domain/media-types.ts';
import { nobody } from '../domain/visitor.ts';
import { findItem, findTiers, listTiers } from './find-item.ts';

const TIER: Tier = { name: 'low', label: null, for: 'everyone', maxSize: 100, gray: false, watermark: null, blur: [], blackout: [] };
const ACCESS: AccessModel = {
  enforced: true,
  services: new Map(),
  policies: [{ number: 1, line: 1, items: ['closed/**'], allow: [], otherwise: [TIER] }],
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
    expect(item === null ? null : findTiers(ACCESS, item, nobody(''), NOW)).toEqual([tier]);
    expect(tier === null ? null : findTiers(ACCESS, tier, nobody(''), NOW)).toEqual([]);
  });

  it.each(['closed/a.tif/~high', 'open/a.tif/~low', 'closed/a.tif/~low/2', 'closed/a.tif/~low/~low', 'closed/~low'])(
    'finds nothing as %s',
    async (identifier) => {
      expect(await findItem(items, ACCESS, identifier)).toBeNull();
    },
  );

  it('knows no tiers of what is no image', async () => {
    expect(await findItem(items, ACCESS, 'closed/film.mp4/~low')).toBeNull();
    expect(listTiers(ACCESS, 'closed/film.mp4', nobody(''), NOW)).toEqual([]);
    expect(listTiers(ACCESS, 'closed/a.tif', nobody(''), NOW)).toEqual([TIER]);
  });
});
