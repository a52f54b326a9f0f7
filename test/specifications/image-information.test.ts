import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { informationDocument } from '../../src/iiif/image/information.ts';
import { parseImagePath } from '../../src/iiif/image/parse-path.ts';
import { type ImageLimits, planImage } from '../../src/iiif/image/plan.ts';
import type { Dimensions } from '../../src/iiif/image/plan-region.ts';
import type { ImageApiVersion } from '../../src/iiif/image/request.ts';
import type { StoredImage } from '../../src/iiif/image/tile-grid.ts';
import { isRefusal } from '../../src/lib/problems.ts';
import { arbitraryLimits, arbitraryStoredImage, arbitraryVersion } from './random-image-requests.ts';

/** Both versions in one shape. */
interface Said {
  readonly limits: { readonly maxWidth: number; readonly maxHeight: number; readonly maxArea: number };
  readonly sizes: readonly Dimensions[];
  readonly tiles: readonly (Dimensions & { readonly scaleFactors: readonly number[] })[];
  readonly formats: readonly string[];
  readonly qualities: readonly string[];
  readonly features: readonly string[];
}

const LEVEL_2: Readonly<Record<ImageApiVersion, Pick<Said, 'formats' | 'qualities' | 'features'>>> = {
  2: {
    formats: ['jpg', 'png'],
    qualities: ['default', 'bitonal'],
    features: [
      'regionByPct',
      'regionByPx',
      'rotationBy90s',
      'sizeByConfinedWh',
      'sizeByDistortedWh',
      'sizeByH',
      'sizeByPct',
      'sizeByW',
      'sizeByWh',
    ],
  },
  3: {
    formats: ['jpg', 'png'],
    qualities: ['default'],
    features: [
      'regionByPct',
      'regionByPx',
      'regionSquare',
      'rotationBy90s',
      'sizeByConfinedWh',
      'sizeByH',
      'sizeByPct',
      'sizeByW',
      'sizeByWh',
    ],
  },
};

function read(version: ImageApiVersion, image: StoredImage, limits: ImageLimits): Said {
  const document = JSON.parse(
    JSON.stringify(informationDocument({ ...image, version, limits, id: 'https://iiif.example.org/a', rights: null, services: [] })),
  );
  const extra = version === 2 ? document.profile[1] : document;
  return {
    limits: extra,
    sizes: document.sizes,
    tiles: document.tiles,
    formats: [...LEVEL_2[version].formats, ...(version === 2 ? extra.formats : extra.extraFormats)],
    qualities: [...LEVEL_2[version].qualities, ...(version === 2 ? extra.qualities : extra.extraQualities)],
    features: [...LEVEL_2[version].features, ...(version === 2 ? extra.supports : extra.extraFeatures)],
  };
}

/** What each feature lets a client ask for, of any image. The others are about headers. */
const REQUESTS: Readonly<Record<string, readonly string[]>> = {
  regionByPx: ['0,0,1,1/max/0/default.jpg'],
  regionByPct: ['pct:0,0,50,50/max/0/default.jpg', 'pct:99.9,99.9,10,10/max/0/default.jpg'],
  regionSquare: ['square/max/0/default.jpg'],
  rotationBy90s: ['full/max/90/default.jpg', 'full/max/180/default.jpg', 'full/max/270/default.jpg'],
  rotationArbitrary: ['full/max/22.5/default.png', 'full/max/45/default.jpg'],
  mirroring: ['full/max/!0/default.jpg'],
  sizeByW: ['square/1,/0/default.jpg'],
  sizeByH: ['square/,1/0/default.jpg'],
  sizeByPct: ['full/pct:0.001/0/default.jpg'],
  sizeByConfinedWh: ['full/!10,100000/0/default.jpg', 'full/!100000,10/0/default.jpg'],
  sizeByWh: ['square/1,1/0/default.jpg'],
  sizeByDistortedWh: ['full/1,1/0/default.jpg'],
  sizeUpscaling: ['full/^max/0/default.jpg', 'full/^max/45/default.png', 'full/^!100000,100000/0/default.jpg'],
  sizeAboveFull: ['full/!100000,100000/0/default.jpg'],
};

/** Regions and sizes of every tile. https://iiif.io/api/image/3.0/implementation/#3-tile-region-parameter-calculation */
function* tilesOf(image: Dimensions, tiles: Said['tiles']) {
  for (const tile of tiles) {
    for (const factor of tile.scaleFactors) {
      for (let x = 0; x < image.width; x += tile.width * factor) {
        for (let y = 0; y < image.height; y += tile.height * factor) {
          const width = Math.min(tile.width * factor, image.width - x);
          const height = Math.min(tile.height * factor, image.height - y);
          yield { region: `${x},${y},${width},${height}`, width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
        }
      }
    }
  }
}

function tileCount(image: Dimensions, tiles: Said['tiles']): number {
  return tiles.reduce((count, tile) => count + Math.ceil(image.width / tile.width) * Math.ceil(image.height / tile.height), 0);
}

const arbitraryDocument = fc.record({ version: arbitraryVersion, image: arbitraryStoredImage, limits: arbitraryLimits });

function planned(version: ImageApiVersion, parameters: string, image: Dimensions, limits: ImageLimits) {
  const parsed = parseImagePath(`a/${parameters}`, version, { slashSubstitute: null });
  if (isRefusal(parsed)) return parsed;
  if (parsed.kind !== 'image') throw new Error(`${parameters} are no parameters`);
  return planImage(parsed.request, image, limits);
}

describe('whatever the information document says, works', () => {
  it('for each of the sizes, as w,h and as the 2.1 form w,', () => {
    fc.assert(
      fc.property(arbitraryDocument, ({ version, image, limits }) => {
        const { sizes } = read(version, image, limits);
        expect(new Set(sizes.map((size) => size.width)).size).toBe(sizes.length);
        for (const { width, height } of sizes) {
          expect(planned(version, `full/${width},${height}/0/default.jpg`, image, limits)).toMatchObject({ size: { width, height } });
          if (version === 2 && sizes.at(-1)?.width !== width) {
            expect(planned(version, `full/${width},/0/default.jpg`, image, limits)).toMatchObject({ size: { width, height } });
          }
        }
      }),
    );
  });

  it('for each tile of each scale factor', () => {
    let walked = 0;
    fc.assert(
      fc.property(arbitraryDocument, ({ version, image, limits }) => {
        const { tiles, limits: said } = read(version, image, limits);
        if (tileCount(image, tiles) > 3_000) return;
        walked += 1;
        for (const { region, width, height } of tilesOf(image, tiles)) {
          expect(width <= said.maxWidth && height <= said.maxHeight && width * height <= said.maxArea).toBe(true);
          const plan = planned(version, `${region}/${width},${height}/0/default.jpg`, image, limits);
          if (isRefusal(plan) || plan.size.width !== width || plan.size.height !== height)
            expect(plan).toMatchObject({ size: { width, height } });
        }
      }),
    );
    expect(walked).toBeGreaterThan(30);
  });

  it('for the smallest scale factor, at which one tile shows all', () => {
    fc.assert(
      fc.property(arbitraryDocument, ({ version, image, limits }) => {
        for (const tile of read(version, image, limits).tiles) {
          const factor = tile.scaleFactors.at(-1) ?? 0;
          expect(tile.width * factor >= image.width && tile.height * factor >= image.height).toBe(true);
        }
      }),
    );
  });

  it('for each quality in each format, at the largest size, upright and turned', () => {
    fc.assert(
      fc.property(arbitraryDocument, ({ version, image, limits }) => {
        const { qualities, formats } = read(version, image, limits);
        for (const quality of qualities) {
          for (const format of formats) {
            for (const degrees of ['0', '!45', '270']) {
              expect(planned(version, `full/max/${degrees}/${quality}.${format}`, image, limits)).toHaveProperty('canonical');
            }
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('for each feature', () => {
    fc.assert(
      fc.property(arbitraryDocument, ({ version, image, limits }) => {
        for (const feature of read(version, image, limits).features) {
          for (const parameters of REQUESTS[feature] ?? []) {
            expect(planned(version, parameters, image, limits)).toHaveProperty('canonical');
          }
        }
      }),
    );
  });

  it('up to the limits, and no further', () => {
    fc.assert(
      fc.property(arbitraryDocument, ({ image, limits }) => {
        const { maxWidth, maxHeight, maxArea } = read(3, image, limits).limits;
        const height = Math.min(maxHeight, Math.floor(maxArea / maxWidth));
        fc.pre(height > 0);
        expect(planned(3, `full/^${maxWidth},${height}/0/default.jpg`, image, limits)).toHaveProperty('canonical');
        expect(planned(3, `full/^${maxWidth},${height}/45/default.png`, image, limits)).toHaveProperty('canonical');
        expect(planned(3, `full/^${maxWidth + 1},1/0/default.jpg`, image, limits)).toHaveProperty('code');
        expect(planned(3, `full/^1,${maxHeight + 1}/0/default.jpg`, image, limits)).toHaveProperty('code');
      }),
    );
  });
});
