import { describe, expect, it } from 'vitest';
import { parseQualityAndFormat, parseRegion, parseRotation, parseSize } from './parse-parameters.ts';
import { FORMATS, type ImageApiVersion, QUALITIES, type Region, type Rotation, type Size } from './request.ts';

const ACCEPTED_REGIONS: readonly (readonly [text: string, region: Region])[] = [
  ['full', { kind: 'full' }],
  ['square', { kind: 'square' }],
  ['125,15,120,140', { kind: 'pixels', x: 125, y: 15, width: 120, height: 140 }],
  ['0,0,1,1', { kind: 'pixels', x: 0, y: 0, width: 1, height: 1 }],
  ['0,0,9999999999,9999999999', { kind: 'pixels', x: 0, y: 0, width: 9_999_999_999, height: 9_999_999_999 }],
  // Neither version forbids zeros in front; the canonical form drops them.
  ['007,00,010,1', { kind: 'pixels', x: 7, y: 0, width: 10, height: 1 }],
  ['pct:41.6,7.5,40,70', { kind: 'percent', x: 41.6, y: 7.5, width: 40, height: 70 }],
  ['pct:0,0,200,100', { kind: 'percent', x: 0, y: 0, width: 200, height: 100 }],
  ['pct:.5,0.50,.25,1', { kind: 'percent', x: 0.5, y: 0.5, width: 0.25, height: 1 }],
  // Clients divide in doubles and send all their digits; ten decimals count.
  ['pct:33.333333333333336,0,33.333333333333336,100', { kind: 'percent', x: 33.3333333333, y: 0, width: 33.3333333333, height: 100 }],
];

const REFUSED_REGIONS: readonly string[] = [
  '',
  'FULL',
  'Full',
  'full ',
  ' full',
  'full\n',
  'fullfull',
  'max',
  'squares',
  'smart',
  '0,0,10,10abc',
  'abc0,0,10,10',
  '0,0,10',
  '0,0,10,10,10',
  '0,0,10,',
  ',,,',
  '0,0,,10',
  '0, 0,10,10',
  '0;0;10;10',
  '0.0.10.10',
  '-1,0,10,10',
  '0,0,-10,10',
  '+1,0,10,10',
  '0,0,+10,10',
  '1.5,0,10,10',
  '0,0,10.0,10',
  '1e2,0,10,10',
  '0x10,0,10,10',
  '0,0,0x1,1',
  '1_0,0,10,10',
  'NaN,0,10,10',
  '0,0,Infinity,10',
  'null,0,1,1',
  '0,0,0,10',
  '0,0,10,0',
  '0,0,00,10',
  '12345678901,0,10,10',
  '0,0,99999999999999999999,10',
  '٠,٠,١٠,١٠',
  '０,０,１０,１０',
  '0,0,1²,10',
  '^0,0,10,10',
  '!0,0,10,10',
  'pct:',
  'pct:10',
  'pct:10,10,10',
  'pct:10,10,10,10,10',
  'pct: 10,10,10,10',
  'PCT:10,10,10,10',
  'pct10,10,10,10',
  'percent:10,10,10,10',
  'pct:-10,10,10,10',
  'pct:+10,10,10,10',
  'pct:10,10,1e1,10',
  'pct:10,10,0,10',
  'pct:10,10,10,0.0',
  'pct:10,10,0.00000000001,10',
  'pct:10.,10,10,10',
  'pct:.,10,10,10',
  'pct:1.2.3,10,10,10',
  'pct:NaN,10,10,10',
  'pct:Infinity,10,10,10',
  'pct:100000,10,10,10',
  'pct:1,0,10,10%',
  'pct:pct:1,0,10,10',
];

const no = { upscale: false } as const;
const yes = { upscale: true } as const;

/** In both versions. */
const ACCEPTED_SIZES: readonly (readonly [text: string, size: Size])[] = [
  ['max', { kind: 'max', ...no }],
  ['150,', { kind: 'width', width: 150, ...no }],
  ['01,', { kind: 'width', width: 1, ...no }],
  ['9999999999,', { kind: 'width', width: 9_999_999_999, ...no }],
  [',150', { kind: 'height', height: 150, ...no }],
  ['pct:50', { kind: 'percent', percent: 50, ...no }],
  ['pct:100', { kind: 'percent', percent: 100, ...no }],
  ['pct:0.1', { kind: 'percent', percent: 0.1, ...no }],
  ['pct:.1', { kind: 'percent', percent: 0.1, ...no }],
  ['pct:12.50', { kind: 'percent', percent: 12.5, ...no }],
  ['225,100', { kind: 'exact', width: 225, height: 100, ...no }],
  ['!225,100', { kind: 'confined', width: 225, height: 100, ...no }],
  ['!10,1000', { kind: 'confined', width: 10, height: 1000, ...no }],
];

const ACCEPTED_SIZES_OF: Readonly<Record<ImageApiVersion, readonly (readonly [text: string, size: Size])[]>> = {
  2: [
    ['full', { kind: 'full' }],
    ['pct:120', { kind: 'percent', percent: 120, ...no }],
  ],
  3: [
    ['^max', { kind: 'max', ...yes }],
    ['^360,', { kind: 'width', width: 360, ...yes }],
    ['^,240', { kind: 'height', height: 240, ...yes }],
    ['^pct:120', { kind: 'percent', percent: 120, ...yes }],
    ['^pct:20', { kind: 'percent', percent: 20, ...yes }],
    ['^360,360', { kind: 'exact', width: 360, height: 360, ...yes }],
    ['^!360,360', { kind: 'confined', width: 360, height: 360, ...yes }],
  ],
};

/** In both versions. */
const REFUSED_SIZES: readonly string[] = [
  '',
  ',',
  '!',
  '!,',
  '!10,',
  '!,10',
  '!max',
  '!full',
  '!!10,10',
  '!pct:10',
  'MAX',
  'Max',
  'FULL',
  'maximum',
  'max,',
  'square',
  '90',
  '90abc,',
  'abc90,',
  '90,abc',
  '.5,',
  '0.5,',
  '90.0,',
  ',.5',
  '+1,',
  '-1,',
  ',-1',
  '10,-10',
  '1e2,',
  '1e2,1e2',
  ',1e2',
  '0x10,',
  '1_000,',
  'NaN,',
  'Infinity,',
  ',Infinity',
  '0,',
  ',0',
  '0,0',
  '0,10',
  '10,0',
  '!0,10',
  '!10,0',
  '000,',
  ' 10,',
  '10 ,',
  '10, ',
  '10,\n',
  '10,,10',
  '10,10,',
  '10,10,10',
  '10x10',
  '10;10',
  '12345678901,',
  '99999999999999999999,',
  ',99999999999999999999',
  `${'9'.repeat(400)},`,
  '١٠,',
  '１０,',
  'pct:',
  'pct:0',
  'pct:0.0',
  'pct:-1',
  'pct:+1',
  'pct:1e2',
  'pct:50%',
  'pct:50,50',
  'pct:5.',
  'pct:.',
  'pct:1.2.3',
  'pct:NaN',
  'pct:Infinity',
  'pct:100000',
  'pct: 50',
  'PCT:50',
  'pct50',
  'pct:!50',
  'pct:^50',
  ',^240',
  '10,^10',
  '!^10,10',
];

const REFUSED_SIZES_OF: Readonly<Record<ImageApiVersion, readonly string[]>> = {
  2: ['^max', '^full', '^360,', '^,240', '^pct:120', '^pct:20', '^360,360', '^!360,360', '^'],
  3: ['full', '^full', 'pct:120', 'pct:100.1', '^', '^^max', '^!max', '^0,', '^,0', '^!0,1', '^pct:0', '^90', '^.5,', '^ max', '^MAX'],
};

const ACCEPTED_ROTATIONS: readonly (readonly [text: string, rotation: Rotation])[] = [
  ['0', { mirrored: false, degrees: 0 }],
  ['90', { mirrored: false, degrees: 90 }],
  ['180', { mirrored: false, degrees: 180 }],
  ['270', { mirrored: false, degrees: 270 }],
  ['22.5', { mirrored: false, degrees: 22.5 }],
  ['22.50', { mirrored: false, degrees: 22.5 }],
  ['.5', { mirrored: false, degrees: 0.5 }],
  ['090', { mirrored: false, degrees: 90 }],
  ['360', { mirrored: false, degrees: 0 }],
  ['360.0', { mirrored: false, degrees: 0 }],
  ['359.9999999999', { mirrored: false, degrees: 359.9999999999 }],
  ['359.99999999999', { mirrored: false, degrees: 0 }],
  ['!0', { mirrored: true, degrees: 0 }],
  ['!180', { mirrored: true, degrees: 180 }],
  ['!360', { mirrored: true, degrees: 0 }],
  ['!345.25', { mirrored: true, degrees: 345.25 }],
];

const REFUSED_ROTATIONS: readonly string[] = [
  '',
  '!',
  '!!90',
  '90!',
  '-90',
  '+90',
  '!-90',
  '360.1',
  '361',
  '720',
  '99999',
  '999999',
  '1e2',
  '9e1',
  '90abc',
  'abc',
  '90,',
  '90 ',
  ' 90',
  '90\n',
  '! 90',
  '90deg',
  '90°',
  '90.',
  '.',
  '1.2.3',
  '22,5',
  '^90',
  'NaN',
  'Infinity',
  '0x5a',
  '٩٠',
  '９０',
  `0.${'0'.repeat(25)}1`,
  '9'.repeat(400),
];

const REFUSED_LAST_SEGMENTS: readonly (readonly [text: string, code: 'image.quality' | 'image.format'])[] = [
  ['', 'image.format'],
  ['default', 'image.format'],
  ['default.', 'image.quality'],
  ['.jpg', 'image.quality'],
  ['.', 'image.quality'],
  ['.gif', 'image.quality'],
  ['default.JPG', 'image.quality'],
  ['DEFAULT.jpg', 'image.quality'],
  ['Default.jpg', 'image.quality'],
  ['native.jpg', 'image.quality'],
  ['grey.jpg', 'image.quality'],
  ['colour.jpg', 'image.quality'],
  ['constructor.jpg', 'image.quality'],
  ['__proto__.jpg', 'image.quality'],
  ['default.jpeg', 'image.format'],
  ['default.tiff', 'image.format'],
  ['default.svg', 'image.format'],
  ['default.exe', 'image.format'],
  ['default.constructor', 'image.format'],
  ['default.jpg.png', 'image.quality'],
  ['default..jpg', 'image.quality'],
  ['default.jpg ', 'image.quality'],
  [' default.jpg', 'image.quality'],
  ['default.jpg\n', 'image.quality'],
  ['default,jpg', 'image.format'],
  ['info.json', 'image.quality'],
];

const VERSIONS = [2, 3] as const;

describe('parseRegion', () => {
  it.each(ACCEPTED_REGIONS)('reads %j', (text, region) => {
    expect(parseRegion(text)).toEqual(region);
  });

  it.each(REFUSED_REGIONS)('refuses %j', (text) => {
    expect(parseRegion(text)).toMatchObject({ kind: 'refused', code: 'image.region' });
  });
});

describe.each(VERSIONS)('parseSize of version %d', (version) => {
  it.each([...ACCEPTED_SIZES, ...ACCEPTED_SIZES_OF[version]])('reads %j', (text, size) => {
    expect(parseSize(text, version)).toEqual(size);
  });

  it.each([...REFUSED_SIZES, ...REFUSED_SIZES_OF[version]])('refuses %j', (text) => {
    expect(parseSize(text, version)).toMatchObject({ kind: 'refused', code: 'image.size' });
  });
});

describe('parseRotation', () => {
  it.each(ACCEPTED_ROTATIONS)('reads %j', (text, rotation) => {
    expect(parseRotation(text)).toEqual(rotation);
  });

  it.each(REFUSED_ROTATIONS)('refuses %j', (text) => {
    expect(parseRotation(text)).toMatchObject({ kind: 'refused', code: 'image.rotation' });
  });
});

describe('parseQualityAndFormat', () => {
  it('reads every quality in every format', () => {
    for (const quality of QUALITIES) {
      for (const format of FORMATS) expect(parseQualityAndFormat(`${quality}.${format}`)).toEqual({ quality, format });
    }
  });

  it.each(REFUSED_LAST_SEGMENTS)('refuses %j as %s', (text, code) => {
    expect(parseQualityAndFormat(text)).toMatchObject({ kind: 'refused', code });
  });
});
