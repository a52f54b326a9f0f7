import fc from 'fast-check';
import type { ImageLimits } from '../../src/iiif/image/plan.ts';
import { FORMATS, type ImageApiVersion, QUALITIES } from '../../src/iiif/image/request.ts';
import type { StoredImage } from '../../src/iiif/image/tile-grid.ts';

/** Images, limits and parameters for property tests. */
export const arbitraryVersion = fc.constantFrom<ImageApiVersion>(2, 3);

const side = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 20 }), weight: 1 },
  { arbitrary: fc.integer({ min: 20, max: 1_000 }), weight: 2 },
  { arbitrary: fc.integer({ min: 1_000, max: 20_000 }), weight: 2 },
);
export const arbitraryImage = fc.record({ width: side, height: side });

export const arbitraryLimits: fc.Arbitrary<ImageLimits> = fc.record({
  maxWidth: fc.integer({ min: 1, max: 65_535 }),
  maxHeight: fc.integer({ min: 1, max: 65_535 }),
  maxArea: fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 10_000, max: 4_000_000_000 })),
  sizeAboveFull: fc.boolean(),
  maxUpscale: fc.constantFrom(1, 1.15, 2, 100),
});

/** With the tiles and levels that a reader of pyramids might report. */
export const arbitraryStoredImage: fc.Arbitrary<StoredImage> = fc
  .record({
    image: arbitraryImage,
    tile: fc.constantFrom(
      null,
      { width: 256, height: 256 },
      { width: 512, height: 256 },
      { width: 8_000, height: 16 },
      { width: 2_048, height: 2_048 },
    ),
    levels: fc.integer({ min: 0, max: 6 }),
    round: fc.constantFrom(Math.floor, Math.ceil),
  })
  .map(({ image, tile, levels, round }) => ({
    ...image,
    tile,
    levels: Array.from({ length: levels }, (_, index) => ({
      width: Math.max(1, round(image.width / 2 ** (index + 1))),
      height: Math.max(1, round(image.height / 2 ** (index + 1))),
    })),
  }));

const whole = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30_000 })).map(String);
const decimal = fc.oneof(
  fc.integer({ min: 0, max: 130 }).map(String),
  fc.tuple(fc.integer({ min: 0, max: 130 }), fc.stringMatching(/^[0-9]{1,14}$/)).map(([units, part]) => `${units}.${part}`),
);

const region = fc.oneof(
  fc.constantFrom('full', 'square'),
  fc.tuple(whole, whole, whole, whole).map((numbers) => numbers.join(',')),
  fc.tuple(decimal, decimal, decimal, decimal).map((numbers) => `pct:${numbers.join(',')}`),
);

const size = fc
  .tuple(
    fc.constantFrom('', '^'),
    fc.oneof(
      fc.constantFrom('full', 'max'),
      whole.map((width) => `${width},`),
      whole.map((height) => `,${height}`),
      decimal.map((percent) => `pct:${percent}`),
      fc.tuple(fc.constantFrom('', '!'), whole, whole).map(([bang, width, height]) => `${bang}${width},${height}`),
    ),
  )
  .map(([caret, form]) => `${caret}${form}`);

const rotation = fc
  .tuple(
    fc.constantFrom('', '!'),
    fc.oneof(fc.constantFrom('0', '90', '180', '270', '360'), fc.integer({ min: 0, max: 361 }).map(String), decimal),
  )
  .map(([bang, degrees]) => `${bang}${degrees}`);

/** `{region}/{size}/{rotation}/{quality}.{format}`, most of them valid in one version at least. */
export const arbitraryParameters = fc
  .tuple(region, size, rotation, fc.constantFrom(...QUALITIES), fc.constantFrom(...FORMATS))
  .map(([r, s, t, quality, format]) => `${r}/${s}/${t}/${quality}.${format}`);
