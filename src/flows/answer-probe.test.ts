import { describe, expect, it } from 'vitest';
import { ACCESS, fakePeople, ITEMS } from '../../test/fakes/access.ts';
import type { AccessModel } from '../domain/access.ts';
import { nobody } from '../domain/visitor.ts';
import { answerProbe } from './answer-probe.ts';

const open: AccessModel = { ...ACCESS, enforced: false };

/** `name/N` is page N, as the folder source reads it. */
const paged = {
  ...ITEMS,
  find: async (identifier: string) => {
    const [, path = '', page = '1'] = /^(.*\.tif)\/(\d+)$/.exec(identifier) ?? [];
    const item = await ITEMS.find(path);
    return item === null ? null : { ...item, identifier, page: Number(page) };
  },
};

describe('the probe', () => {
  it.each([
    ['open/book.tif/2', 200],
    ['open/book.tif/3', 404],
  ])('of %s answers as the content would: %s', async (identifier, status) => {
    const deps = { ...fakePeople(), items: paged, access: () => open };
    expect(await answerProbe(deps, identifier, nobody('127.0.0.1'))).toMatchObject({ status });
  });
});
