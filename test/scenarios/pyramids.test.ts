import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor } from '../harness/visitor.ts';
import { quarters, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const ITEM = '/iiif/3/members%2Flarge.png';
/** On the grid, across the border of red and green. */
const TILE = `${ITEM}/768,256,256,256/256,256/0/default.jpg`;
const OTHER_TILE = `${ITEM}/0,0,512,512/256,256/0/default.jpg`;
/** A tier that hides the upper left corner. */
const ACCESS = `accessServices:
  members:
    pattern: login
    label: { en: [Sign in] }
policies:
  - items: members/**
    allow:
      - { service: members, roles: [reader] }
    otherwise:
      name: censored
      for: everyone
      blackout: ["pct:0,0,50,50"]
`;

let vitrine: TestVitrine;
let reader: TestVisitor;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
  reader = new TestVisitor(vitrine);
  await reader.signIn('reader');
});
afterAll(() => vitrine.close());

async function ask(visitor: TestVisitor, path: string) {
  const response = await visitor.ask(path);
  return { status: response.status, etag: response.headers.get('etag'), body: Buffer.from(await response.arrayBuffer()) };
}

async function untilMade(): Promise<void> {
  await expect.poll(() => vitrine.log.filter(({ msg }) => msg === 'a pyramid was made'), { timeout: 30_000 }).toHaveLength(1);
}

async function pixel(jpeg: Buffer, left: number, top: number): Promise<readonly number[]> {
  return [...(await sharp(jpeg).extract({ left, top, width: 1, height: 1 }).raw().toBuffer())];
}

describe('a locked picture whose pyramid is made while it is looked at', () => {
  it('has the same document and tags before and after, and is locked before and after', async () => {
    await writeFile(join(vitrine.images, 'members/large.png'), await quarters(2000, 1200));
    const stranger = new TestVisitor(vitrine);
    const censored = `${ITEM}%2F~censored/768,256,512,512/256,256/0/default.jpg`;
    const look = async () => ({
      information: await ask(reader, `${ITEM}/info.json`),
      locked: (await ask(stranger, TILE)).status,
      censored: await ask(stranger, censored),
    });
    const before = await look();
    expect(JSON.parse(before.information.body.toString())).toMatchObject({
      tiles: [{ width: 256, height: 256, scaleFactors: [1, 2, 4, 8] }],
      sizes: [
        { width: 250, height: 150 },
        { width: 500, height: 300 },
        { width: 1000, height: 600 },
        { width: 2000, height: 1200 },
      ],
    });
    expect(before).toMatchObject({ information: { status: 200 }, locked: 401, censored: { status: 200 } });

    const tile = await ask(reader, TILE);
    await untilMade();
    expect(await look()).toEqual(before);
    const [again, other] = [await ask(reader, TILE), await ask(reader, OTHER_TILE)];
    expect(again).toMatchObject({ status: 200, etag: tile.etag });
    expect(other.status).toBe(200);
    for (const { body } of [tile, again, other]) {
      const [red = 0, green = 0, blue = 0] = await pixel(body, 200, 100);
      expect([red > 240, green < 15, blue < 15]).toEqual([true, true, true]);
    }

    expect((await ask(stranger, OTHER_TILE)).status).toBe(401);
  });
});
