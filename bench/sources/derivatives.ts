import { seededRandom } from './random.ts';
import type { PictureSize } from './tiles.ts';

/** A kind of request that is no tile. */
export interface DerivativeKind {
  readonly name: string;
  readonly label: string;
  /** Region and size of the next request; never the same twice, so that nobody has it in a cache. */
  next(size: PictureSize, random: () => number): string;
}

const between = (random: () => number, least: number, most: number) => Math.floor(least + random() * (most - least + 1));

export const DERIVATIVES: readonly DerivativeKind[] = [
  {
    name: 'thumbnail',
    label: 'thumbnail of 600 px',
    next: (size, random) => whole(size, between(random, 560, 640), random),
  },
  {
    name: 'crop',
    label: '1000 px at 50 %',
    next: ({ width, height }, random) => `${between(random, 0, width - 1_000)},${between(random, 0, height - 1_000)},1000,1000/500,500`,
  },
  {
    name: 'random',
    label: 'random region and size',
    next({ width, height }, random) {
      const region = { width: between(random, 500, width / 2), height: between(random, 500, height / 2) };
      const scale = 0.1 + random() * 0.5;
      const place = `${between(random, 0, width - region.width)},${between(random, 0, height - region.height)}`;
      const most = Math.min(1_500, region.width, region.height);
      const across = Math.min(most, Math.ceil(region.width * scale));
      const down = Math.min(most, Math.ceil((across * region.height) / region.width));
      return `${place},${region.width},${region.height}/${across},${down}`;
    },
  },
  {
    name: 'large',
    label: '2000 px of the whole',
    next: (size, random) => whole(size, between(random, 1_960, 2_040), random),
  },
  {
    name: 'whole',
    label: 'the whole picture',
    next: ({ width, height }, random) => {
      const [across, down] = [width - between(random, 0, 99), height - between(random, 0, 99)];
      return `0,0,${across},${down}/${across},${down}`;
    },
  },
];

/** What people download to print it: 8000 pixels of a picture of 12000. */
export const GIANTS: DerivativeKind = {
  name: 'giant',
  label: '8000 px',
  next: (size, random) => whole(size, Math.round((size.width * between(random, 7_950, 8_000)) / 12_000), random),
};

/** Some pixels more or less in height, which IIIF allows, make many different requests of one kind. */
function whole({ width, height }: PictureSize, across: number, random: () => number): string {
  return `full/${across},${Math.round((across * height) / width) + between(random, -60, 60)}`;
}

/** More in a row that were had before, and there are hardly any others. */
const MOST_SEEN = 10_000;

/** Gives another one each time. @throws when there are no more. */
export function requestsOf(kind: DerivativeKind, size: PictureSize, seed: number): () => string {
  const random = seededRandom(seed);
  const seen = new Set<string>();
  return () => {
    for (let tried = 0; tried < MOST_SEEN; tried += 1) {
      const parameters = kind.next(size, random);
      if (seen.has(parameters)) continue;
      seen.add(parameters);
      return parameters;
    }
    throw new Error(`There are no more requests for ${kind.label} that are new.`);
  };
}
