import { describe, expect, it } from 'vitest';
import { CONTEXT_URIS } from './features.ts';
import { informationDocument } from './information.ts';
import type { ImageLimits } from './plan.ts';
import type { StoredImage } from './tile-grid.ts';

const LIMITS: ImageLimits = { maxWidth: 10_000, maxHeight: 10_000, maxArea: 40_000_000, sizeAboveFull: false, maxUpscale: 2 };
const PYRAMID: StoredImage = {
  width: 6_000,
  height: 4_001,
  tile: { width: 256, height: 256 },
  levels: [
    { width: 3_000, height: 2_000 },
    { width: 1_500, height: 1_000 },
  ],
};
const JPEG: StoredImage = { width: 2_000, height: 3_000, tile: null, levels: [] };
const BASE = { id: 'https://iiif.example.org/iiif/x/a', limits: LIMITS, rights: null, services: [] };
const CC_BY = 'http://creativecommons.org/licenses/by/4.0/';

describe('the information document of 3.0', () => {
  it('has everything that describes the service, the context first', () => {
    const document = informationDocument({ ...BASE, ...PYRAMID, version: 3, rights: CC_BY });
    expect(Object.keys(document)[0]).toBe('@context');
    expect(document).toEqual({
      '@context': 'http://iiif.io/api/image/3/context.json',
      id: 'https://iiif.example.org/iiif/x/a',
      type: 'ImageService3',
      protocol: 'http://iiif.io/api/image',
      profile: 'level2',
      width: 6_000,
      height: 4_001,
      maxWidth: 10_000,
      maxHeight: 8_002,
      maxArea: 40_000_000,
      sizes: [
        { width: 1_500, height: 1_000 },
        { width: 3_000, height: 2_001 },
        { width: 6_000, height: 4_001 },
      ],
      tiles: [{ width: 256, height: 256, scaleFactors: [1, 2, 4, 8, 16, 32] }],
      rights: CC_BY,
      preferredFormats: ['jpg'],
      extraFormats: ['webp', 'avif', 'gif', 'tif', 'jp2', 'pdf'],
      extraQualities: ['color', 'gray', 'bitonal'],
      extraFeatures: ['canonicalLinkHeader', 'mirroring', 'profileLinkHeader', 'rotationArbitrary', 'sizeUpscaling'],
    });
  });

  it('puts the context of Authorization Flow 2.0 before its own where a probe service is inside', () => {
    const services = [{ id: 'https://iiif.example.org/probe', type: 'AuthProbeService2', service: [] }];
    const document = informationDocument({ ...BASE, ...JPEG, version: 3, services });
    expect(document['@context']).toEqual(['http://iiif.io/api/auth/2/context.json', CONTEXT_URIS[3]]);
    expect(document['service']).toEqual(services);
  });

  it('leaves out rights of no known vocabulary', () => {
    expect(informationDocument({ ...BASE, ...JPEG, version: 3, rights: 'https://example.org/terms' })).not.toHaveProperty('rights');
    expect(
      informationDocument({ ...BASE, ...JPEG, version: 3, rights: 'http://creativecommons.org.example/licenses/' }),
    ).not.toHaveProperty('rights');
  });

  it('prefers formats with transparency for a source that has any', () => {
    expect(informationDocument({ ...BASE, ...JPEG, version: 3, alpha: true })['preferredFormats']).toEqual(['webp', 'png']);
  });

  it('does not offer color for a source that has none, though it answers it', () => {
    const [gray2, gray3] = ([2, 3] as const).map((version) => informationDocument({ ...BASE, ...JPEG, version, gray: true }));
    expect(gray3?.['extraQualities']).toEqual(['gray', 'bitonal']);
    expect(gray2?.['profile']).toMatchObject([expect.any(String), { qualities: ['gray'] }]);
    expect(informationDocument({ ...BASE, ...JPEG, version: 3, gray: false })['extraQualities']).toContain('color');
  });

  it('leaves out formats that cannot hold the largest image turned', () => {
    const limits = { ...LIMITS, maxWidth: 16_000, maxHeight: 16_000, maxArea: 256_000_000 };
    const document = informationDocument({
      ...BASE,
      width: 20_000,
      height: 20_000,
      tile: null,
      levels: [],
      version: 3,
      limits,
      alpha: true,
    });
    expect(document['extraFormats']).toEqual(['gif', 'tif', 'jp2', 'pdf']);
    expect(document['preferredFormats']).toEqual(['png']);
  });
});

describe('the information document of 2.1', () => {
  it('describes the service in a profile', () => {
    const services = [{ '@context': 'http://iiif.io/api/auth/1/context.json', '@id': 'https://iiif.example.org/login' }];
    const document = informationDocument({ ...BASE, ...JPEG, version: 2, rights: CC_BY, services, attribution: 'Example Library' });
    expect(document).toEqual({
      '@context': 'http://iiif.io/api/image/2/context.json',
      '@id': 'https://iiif.example.org/iiif/x/a',
      protocol: 'http://iiif.io/api/image',
      width: 2_000,
      height: 3_000,
      sizes: [
        { width: 125, height: 188 },
        { width: 250, height: 375 },
        { width: 500, height: 750 },
        { width: 1_000, height: 1_500 },
        { width: 2_000, height: 3_000 },
      ],
      tiles: [{ width: 512, height: 512, scaleFactors: [1, 2, 4, 8] }],
      profile: [
        'http://iiif.io/api/image/2/level2.json',
        {
          formats: ['webp', 'avif', 'gif', 'tif', 'jp2', 'pdf'],
          qualities: ['color', 'gray'],
          supports: ['canonicalLinkHeader', 'mirroring', 'profileLinkHeader', 'regionSquare', 'rotationArbitrary'],
          maxWidth: 4_000,
          maxHeight: 6_000,
          maxArea: 40_000_000,
        },
      ],
      attribution: 'Example Library',
      license: CC_BY,
      service: services,
    });
  });

  it('names sizeAboveFull only where it is on', () => {
    const document = informationDocument({ ...BASE, ...JPEG, version: 2, limits: { ...LIMITS, sizeAboveFull: true } });
    expect(JSON.stringify(document)).toContain('"sizeAboveFull"');
  });
});

describe('tiles', () => {
  it('are computed where the stored ones are strips or larger than the limits', () => {
    const strips = informationDocument({ ...BASE, ...PYRAMID, tile: { width: 6_000, height: 8 }, version: 3 });
    expect(strips['tiles']).toMatchObject([{ width: 512, height: 512 }]);
    const limits = { ...LIMITS, maxWidth: 200 };
    expect(informationDocument({ ...BASE, ...PYRAMID, version: 3, limits })['tiles']).toMatchObject([{ width: 200, height: 512 }]);
  });
});
