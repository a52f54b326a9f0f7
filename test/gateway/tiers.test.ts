import { cp, mkdir } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, startTestUpstream, type TestGateway } from '../harness/gateway.ts';
import { TestVisitor } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

/** Whatever a tier can do to pixels, and together. */
const TIERS = {
  small: '{ maxSize: 300 }',
  marked: '{ watermark: Example }',
  'small-marked': '{ maxSize: 300, watermark: Example }',
  gray: '{ gray: true }',
  hidden: '{ blackout: ["pct:0,0,50,50"] }',
  blurred: '{ blur: ["pct:50,0,50,100"] }',
  output: '{ maxOutput: 256 }',
  'output-gray': '{ maxOutput: 256, gray: true }',
} as const;

const access = (folder: string) => `accessServices:
  members: { pattern: login, label: { en: [Sign in] } }
policies:
${Object.entries(TIERS)
  .map(
    ([name, tier]) =>
      `  - { items: ["${folder}${name}/**"], allow: [{ service: members }], otherwise: ${tier.replace('{', `{ name: ${name},`)} }`,
  )
  .join('\n')}
`;

let upstream: TestVitrine;
let own: TestVitrine;
let gateways: Record<2 | 3, TestGateway>;

beforeAll(async () => {
  upstream = await startTestUpstream();
  own = await startTestVitrine({ access: access('') });
  for (const server of [upstream, own]) {
    for (const name of Object.keys(TIERS)) {
      await mkdir(`${server.images}/${name}`);
      await cp(`${server.images}/open/quarters.png`, `${server.images}/${name}/a.png`);
    }
  }
  const [two, three] = await Promise.all(
    [2, 3].map((version) => startTestGateway(`${upstream.base}/iiif/${version}`, { access: access('') })),
  );
  if (two === undefined || three === undefined) throw new Error('no gateway');
  gateways = { 2: two, 3: three };
});

afterAll(async () => {
  await Promise.all([gateways[2].close(), gateways[3].close(), own.close()]);
  await upstream.close();
});

async function pixels(base: string, path: string) {
  const answer = await fetch(`${base}${path}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200) return { status: answer.status, etag: null, cache: null, data: Buffer.alloc(0), size: [] };
  const { data, info } = await sharp(bytes).toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return {
    status: 200,
    etag: answer.headers.get('etag'),
    cache: answer.headers.get('cache-control'),
    data,
    size: [info.width, info.height],
  };
}

function meanDifference(one: Buffer, other: Buffer): number {
  let sum = 0;
  if (one.length === 0) return other.length;
  for (const [at, value] of one.entries()) sum += Math.abs(value - (other[at] ?? 0));
  return sum / one.length;
}

describe.each([2, 3] as const)('a lesser version of a picture of an upstream, version %i', (version) => {
  const largest = version === 2 ? 'full' : 'max';
  it.each(Object.keys(TIERS))('looks as that of our own pictures does: %s', async (name) => {
    const service = `/iiif/${version}/${name}%2Fa.png%2F~${name}`;
    for (const rest of [
      `full/${largest}/0/default.png`,
      'full/200,/0/default.jpg',
      '120,80,60,60/60,/0/default.png',
      'pct:0,0,100,50/!90,90/!90/gray.png',
    ]) {
      const [ours, theirs] = [await pixels(own.base, `${service}/${rest}`), await pixels(gateways[version].base, `${service}/${rest}`)];
      expect([rest, theirs.status, theirs.size]).toEqual([rest, ours.status, ours.size]);
      expect(meanDifference(ours.data, theirs.data), `${name} ${rest}`).toBeLessThan(name === 'blurred' ? 8 : 5);
    }
  });

  it.each(Object.keys(TIERS))('has the size in its document that our own would have: %s', async (name) => {
    const path = `/iiif/${version}/${name}%2Fa.png%2F~${name}/info.json`;
    const [ours, theirs] = await Promise.all([own.base, gateways[version].base].map(async (base) => (await fetch(base + path)).json()));
    expect([theirs.width, theirs.height, theirs.tiles]).toEqual([ours.width, ours.height, ours.tiles]);
  });

  it('is made once, and asked for again in vain', async () => {
    const url = `${gateways[version].base}/iiif/${version}/marked%2Fa.png%2F~marked/full/300,/0/default.jpg`;
    const first = await fetch(url);
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toMatch(/^public/);
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await fetch(url)).headers.get('etag')).toBe(etag);
  });

  it('hides what it hides at every size and place', async () => {
    const visitor = new TestVisitor(gateways[version]);
    for (const rest of ['0,0,400,300/400,/0/default.png', '10,10,100,100/50,/0/default.png', 'pct:0,0,40,40/,30/0/default.png']) {
      const answer = await visitor.ask(`/iiif/${version}/hidden%2Fa.png%2F~hidden/${rest}`);
      const { channels } = await sharp(Buffer.from(await answer.arrayBuffer())).stats();
      expect(Math.max(...channels.slice(0, 3).map(({ max }) => max)), rest).toBe(0);
    }
    expect((await visitor.ask(`/iiif/${version}/hidden%2Fa.png/full/${largest}/0/default.png`)).status).toBe(401);
  });
});
