import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSamples } from '../../src/lab/samples/make-samples.ts';
import { SAMPLES } from '../../src/lab/samples/sample-list.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

/** Made once, and kept for the next run: what is complete is not made again. */
const FOLDER = fileURLToPath(new URL('../../test-output/samples/', import.meta.url));

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Tiles extends Size {
  readonly scaleFactors: readonly number[];
}

/** What both versions say, in one form. */
interface Said extends Size {
  readonly uri: string;
  readonly version: 2 | 3;
  readonly sizes: readonly Size[];
  readonly tiles: readonly Tiles[];
  readonly formats: readonly string[];
  readonly qualities: readonly string[];
  readonly features: readonly string[];
  readonly maxWidth: number;
  readonly maxHeight: number;
  readonly maxArea: number;
}

let vitrine: TestVitrine;

beforeAll(async () => {
  await makeSamples(FOLDER, () => {});
  vitrine = await startTestVitrine({ access: null, options: { images: FOLDER } });
}, 180_000);
afterAll(() => vitrine?.close());

/** `color` is answered for these as well, and not on offer. */
const GRAY: ReadonlySet<string> = new Set(SAMPLES.filter(({ format }) => /\bgray\b/.test(format)).map(({ file }) => file));
const IDENTIFIERS = SAMPLES.map((sample) => sample.file);

describe.each(IDENTIFIERS)('the information document of %s', (file) => {
  describe.each([2, 3] as const)('in version %s', (version) => {
    it('offers sizes that come out exactly', async () => {
      const said = await read(file, version);
      expect(said.sizes.length).toBeGreaterThan(0);
      for (const { width, height } of said.sizes) {
        const size = version === 3 ? `${width},${height}` : `${width},`;
        expect(await measure(`${said.uri}/full/${size}/0/default.jpg`), size).toEqual({ width, height, format: 'jpeg' });
      }
    });

    it('offers tiles that come out exactly, at every scale factor', async () => {
      const said = await read(file, version);
      for (const tiles of said.tiles) {
        for (const factor of tiles.scaleFactors) {
          for (const tile of someTiles(said, tiles, factor)) {
            const { region, size } = tile;
            const uri = `${said.uri}/${region.x},${region.y},${region.width},${region.height}/${version === 3 ? `${size.width},${size.height}` : `${size.width},`}/0/default.jpg`;
            const made = await measure(uri);
            expect({ width: made.width, format: made.format }, uri).toEqual({ width: size.width, format: 'jpeg' });
            // `w,` leaves the height to the server's rounding; viewers of 2.1 know. Of a narrow tile, part of a column is many rows.
            const rounding = Math.max(1, size.height / size.width);
            expect(Math.abs(made.height - size.height), uri).toBeLessThanOrEqual(version === 2 ? rounding : 0);
          }
        }
      }
    });

    it('offers formats and qualities that come, and limits that hold', async () => {
      const said = await read(file, version);
      expect(said.formats).toEqual(expect.arrayContaining(['jpg', 'png', 'webp', 'avif', 'gif', 'tif', 'jp2', 'pdf']));
      expect(said.qualities).toEqual(expect.arrayContaining(['default', 'gray', 'bitonal']));
      expect(said.qualities.includes('color')).toBe(!GRAY.has(file));
      for (const format of said.formats) {
        for (const quality of said.qualities) {
          const response = await fetch(`${said.uri}/full/120,/0/${quality}.${format}`);
          expect(response.status, `${quality}.${format}`).toBe(200);
          expect(await kindOf(response), `${quality}.${format}`).toBe(format);
        }
      }
      const beyond = version === 3 ? `^${said.maxWidth + 1},` : `${said.maxWidth + 1},`;
      expect((await fetch(`${said.uri}/full/${beyond}/0/default.jpg`)).status).toBeGreaterThanOrEqual(400);
    });

    it('names features that work', async () => {
      const said = await read(file, version);
      for (const [feature, path] of Object.entries(FEATURES[version])) {
        expect(said.features, feature).toContain(feature);
        const response = await fetch(`${said.uri}/${path(said)}`);
        await response.arrayBuffer();
        expect(response.status, feature).toBe(200);
        if (feature === 'canonicalLinkHeader') expect(response.headers.get('link')).toContain('rel="canonical"');
        if (feature === 'profileLinkHeader') expect(response.headers.get('link')).toContain('rel="profile"');
      }
    });
  });
});

type Path = (said: Said) => string;
const small = (region: string, size = '100,', rest = '0/default.jpg') => `${region}/${size}/${rest}`;

/** Beyond level 2, feature by feature: a request that needs it. */
const FEATURES: Readonly<Record<2 | 3, Readonly<Record<string, Path>>>> = {
  2: {
    canonicalLinkHeader: () => small('full'),
    profileLinkHeader: () => small('full'),
    mirroring: () => small('full', '100,', '!0/default.jpg'),
    rotationArbitrary: () => small('full', '100,', '22.5/default.png'),
    regionSquare: () => small('square'),
  },
  3: {
    canonicalLinkHeader: () => small('full'),
    profileLinkHeader: () => small('full'),
    mirroring: () => small('full', '100,', '!0/default.jpg'),
    rotationArbitrary: () => small('full', '100,', '22.5/default.png'),
    sizeUpscaling: () => small('0,0,50,50', '^80,'),
  },
};

async function read(file: string, version: 2 | 3): Promise<Said> {
  const uri = `${vitrine.base}/iiif/${version}/${encodeURIComponent(file)}`;
  const response = await fetch(`${uri}/info.json`);
  expect(response.status).toBe(200);
  const document = await response.json();
  const profile = version === 2 ? document.profile[1] : document;
  const level2 =
    version === 2 ? { formats: ['jpg', 'png'], qualities: ['default', 'bitonal'] } : { formats: ['jpg', 'png'], qualities: ['default'] };
  return {
    uri: document['@id'] ?? document.id,
    version,
    width: document.width,
    height: document.height,
    sizes: document.sizes,
    tiles: document.tiles.map((tile: Partial<Tiles>) => ({ ...tile, height: tile.height ?? tile.width })),
    formats: [...new Set([...level2.formats, ...(profile.extraFormats ?? profile.formats)])],
    qualities: [...new Set([...level2.qualities, ...(profile.extraQualities ?? profile.qualities)])],
    features: profile.extraFeatures ?? profile.supports,
    maxWidth: profile.maxWidth,
    maxHeight: profile.maxHeight ?? profile.maxWidth,
    maxArea: profile.maxArea,
  };
}

/** The tiles of one scale factor: all where they are few, else those at the corners and edges and some between. */
function* someTiles(said: Size, tiles: Tiles, factor: number) {
  const columns = Math.ceil(said.width / (tiles.width * factor));
  const rows = Math.ceil(said.height / (tiles.height * factor));
  const few = columns * rows <= 24;
  const pick = (count: number) => (few ? [...Array(count).keys()] : [...new Set([0, Math.floor(count / 2), count - 1])]);
  for (const row of pick(rows)) {
    for (const column of pick(columns)) {
      const x = column * tiles.width * factor;
      const y = row * tiles.height * factor;
      const region = {
        x,
        y,
        width: Math.min(tiles.width * factor, said.width - x),
        height: Math.min(tiles.height * factor, said.height - y),
      };
      yield { region, size: { width: Math.ceil(region.width / factor), height: Math.ceil(region.height / factor) } };
    }
  }
}

async function measure(uri: string): Promise<Size & { format: string | undefined }> {
  const response = await fetch(uri);
  expect(response.status, uri).toBe(200);
  const { width = 0, height = 0, format } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
  return { width, height, format };
}

const MAGIC: Readonly<Record<string, RegExp>> = {
  jpg: /^\xff\xd8\xff/,
  png: /^\x89PNG/,
  webp: /^RIFF....WEBP/s,
  avif: /^....ftypavif/s,
  gif: /^GIF8/,
  tif: /^(II\*\0|MM\0\*)/,
  jp2: /^\0\0\0\x0cjP {2}/,
  pdf: /^%PDF-/,
};

/** By its first bytes, whatever the header says. */
async function kindOf(response: Response): Promise<string> {
  const start = Buffer.from(await response.arrayBuffer())
    .subarray(0, 16)
    .toString('latin1');
  return Object.keys(MAGIC).find((format) => MAGIC[format]?.test(start)) ?? start;
}
