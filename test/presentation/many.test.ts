import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { writeFiles } from '../media/media-folder.ts';
import { walkDocuments } from './walk-documents.ts';

const ITEMS = 501;
const FOLDERS = 101;

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine();
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
  const leaves = numbers(ITEMS).map((number) => [`open/many/leaf ${number}.txt`, 'x']);
  const folders = numbers(FOLDERS).map((number) => [`open/wide/box ${number}/leaf.txt`, 'x']);
  await writeFiles(vitrine.images, Object.fromEntries([...leaves, ...folders, ['open/many/meta.yaml', 'label: { en: [Leaves] }\n']]));
});
afterAll(() => vitrine.close());

const at = (path: string) => `${vitrine.base}/presentation/3/${path}`;

async function read(path: string) {
  const response = await fetch(at(path));
  expect([path, response.status]).toEqual([path, 200]);
  return JSON.parse(await response.text());
}

const idsOf = ({ items }: { items: ReadonlyArray<{ id: string }> }) => items.map(({ id }) => id);

describe('a folder of more than 500 items', () => {
  it('has a manifest for each 500, in natural order, and none of them twice', async () => {
    const [first, second] = [await read('open%2Fmany/manifest'), await read('open%2Fmany/manifest/2')];
    expect([first.items.length, second.items.length]).toEqual([500, 1]);
    expect(second.items[0].label).toEqual({ none: ['leaf 501.txt'] });
    expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(ITEMS);
    expect([first.label, second.label]).toEqual([{ en: ['Leaves (1–500)'] }, { en: ['Leaves (501–501)'] }]);
  });

  it('is a collection of them, and has no third', async () => {
    const { items } = await read('open%2Fmany/collection');
    expect(items.map(({ id, type }: Record<string, string>) => [id, type])).toEqual([
      [at('open%2Fmany/manifest'), 'Manifest'],
      [at('open%2Fmany/manifest/2'), 'Manifest'],
    ]);
    expect(idsOf(await read('open/collection'))).toContain(at('open%2Fmany/collection'));
    for (const part of [3, 0, 1]) expect((await fetch(at(`open%2Fmany/manifest/${part}`))).status).toBe(404);
  });
});

describe('a folder of more than 100 folders', () => {
  it('is a collection of collections of one hundred each', async () => {
    const parts = [at('open%2Fwide/collection/1'), at('open%2Fwide/collection/2')];
    expect(idsOf(await read('open%2Fwide/collection'))).toEqual(parts);
    const [first, second] = [await read('open%2Fwide/collection/1'), await read('open%2Fwide/collection/2')];
    expect([idsOf(first).length, idsOf(second)]).toEqual([100, [at('open%2Fwide%2Fbox%20101/manifest')]]);
    expect([first.label, second.label]).toEqual([{ none: ['wide (1–100)'] }, { none: ['wide (101–101)'] }]);
    expect(second.partOf).toMatchObject([{ id: at('open%2Fwide/collection'), type: 'Collection' }]);
    expect((await fetch(at('open%2Fwide/collection/3'))).status).toBe(404);
  });
});

it.each([3, 2] as const)('nothing is lost on the way from the root to every document, Presentation API %i', async (version) => {
  const seen = (await walkDocuments(vitrine.base, version)).map(({ uri }) => uri);
  const boxes = seen.filter((uri) => uri.includes('%2Fbox%20'));
  expect(boxes).toHaveLength(FOLDERS);
  expect(seen).toContain(`${vitrine.base}/presentation/${version}/open%2Fmany/manifest/2`);
});
