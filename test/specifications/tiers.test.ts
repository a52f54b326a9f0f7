import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tier } from '../../src/domain/access.ts';
import type { SourceDescription } from '../../src/domain/item.ts';
import { describeTier, limitTier, parseTierIdentifier, tierIdentifier, tierKey } from '../../src/domain/tier.ts';
import { informationDocument } from '../../src/iiif/image/information.ts';
import { parseImagePath } from '../../src/iiif/image/parse-path.ts';
import { type Plan, planImage } from '../../src/iiif/image/plan.ts';
import type { ImageApiVersion } from '../../src/iiif/image/request.ts';
import { isRefusal } from '../../src/lib/problems.ts';
import { PLAIN_TIER } from '../fakes/tier.ts';
import { arbitraryLimits, arbitraryParameters, arbitraryStoredImage, arbitraryVersion } from './random-image-requests.ts';

const arbitrarySource: fc.Arbitrary<SourceDescription> = arbitraryStoredImage.map((image) => ({
  ...image,
  pages: 1,
  byRegion: image.tile !== null,
  pyramid: false,
  alpha: false,
  gray: false,
  formatName: 'TIFF',
  rights: null,
}));
const arbitraryTier = fc.integer({ min: 1, max: 4_096 }).map((maxSize): Tier & { maxSize: number } => ({ ...PLAIN_TIER, maxSize }));

function planOf(
  parameters: string,
  version: ImageApiVersion,
  source: SourceDescription,
  tier: Tier,
  limits: Parameters<typeof limitTier>[0],
): Plan | null {
  const parsed = parseImagePath(`x/${parameters}`, version, { slashSubstitute: null });
  if (isRefusal(parsed) || parsed.kind !== 'image') return null;
  const plan = planImage(parsed.request, describeTier(source, tier), limitTier(limits, tier));
  return isRefusal(plan) ? null : plan;
}

describe('a tier that is limited in size', () => {
  it('is never seen at a larger scale, whatever region, size, rotation, format and version are asked for', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        arbitrarySource,
        arbitraryTier,
        arbitraryLimits,
        arbitraryVersion,
        arbitraryParameters,
        (source, tier, limits, version, parameters) => {
          const plan = planOf(parameters, version, source, tier, limits);
          const served = describeTier(source, tier);
          expect(Math.max(served.width, served.height)).toBeLessThanOrEqual(Math.max(tier.maxSize, 1));
          if (plan === null) return;
          accepted += 1;
          expect(plan.size.width).toBeLessThanOrEqual(plan.region.width);
          expect(plan.size.height).toBeLessThanOrEqual(plan.region.height);
          expect(plan.region.x + plan.region.width).toBeLessThanOrEqual(served.width);
          expect(plan.region.y + plan.region.height).toBeLessThanOrEqual(served.height);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('answers every size and tile of its information document, and says nothing larger', () => {
    fc.assert(
      fc.property(arbitrarySource, arbitraryTier, arbitraryLimits, (source, tier, limits) => {
        const served = describeTier(source, tier);
        const input = { ...served, version: 3 as const, id: 'https://example.org/x', limits: limitTier(limits, tier), services: [] };
        const document = informationDocument(input) as {
          sizes: { width: number; height: number }[];
          maxWidth: number;
          extraFeatures: string[];
        };
        expect(document.extraFeatures).not.toContain('sizeUpscaling');
        expect(document.maxWidth).toBeLessThanOrEqual(served.width);
        for (const { width, height } of document.sizes) {
          expect(width <= served.width && height <= served.height).toBe(true);
          expect(planOf(`full/${width},${height}/0/default.jpg`, 3, source, tier, limits)).not.toBeNull();
        }
      }),
    );
  });

  it('has a canonical form that gives the same plan again', () => {
    fc.assert(
      fc.property(
        arbitrarySource,
        arbitraryTier,
        arbitraryLimits,
        arbitraryVersion,
        arbitraryParameters,
        (source, tier, limits, version, parameters) => {
          const plan = planOf(parameters, version, source, tier, limits);
          if (plan !== null) expect(planOf(plan.canonical, version, source, tier, limits)).toEqual(plan);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('of a picture that is no larger is the picture itself', () => {
    fc.assert(
      fc.property(arbitrarySource, (source) => {
        const tier = { ...PLAIN_TIER, maxSize: Math.max(source.width, source.height) };
        expect(describeTier(source, tier)).toEqual(source);
      }),
    );
  });
});

describe('the cache key of a tier', () => {
  const image = (version: string) => ({ file: '/a.png', stamp: '1', version, bytes: new Uint8Array([1]) });
  const keyOf = (change: Partial<Tier>) => tierKey({ ...PLAIN_TIER, ...change });
  const marked = (mark: string | ReturnType<typeof image>) => keyOf({ watermark: { mark, opacity: 0.5, place: 'center' } });

  it('changes with everything that changes pixels, the bytes of a watermark among it', () => {
    const keys = [
      keyOf({}),
      keyOf({ gray: true }),
      keyOf({ maxSize: 9 }),
      keyOf({ blur: [{ x: 1, y: 1, width: 1, height: 1 }] }),
      keyOf({ blackout: [{ x: 1, y: 1, width: 1, height: 1 }] }),
      marked('1'),
      marked('2'),
      marked(image('1')),
      marked(image('2')),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(marked({ ...image('1'), stamp: '2', bytes: new Uint8Array([2]) })).toBe(marked(image('1')));
  });
});

describe('the identifier of a tier', () => {
  it('names the item and the tier, and is read back', () => {
    const path = fc.array(fc.stringMatching(/^[a-z~.]{1,6}$/), { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(path, fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,63}$/), (identifier, name) => {
        expect(parseTierIdentifier(tierIdentifier(identifier, { ...PLAIN_TIER, name }))).toEqual({ identifier, tier: name });
      }),
    );
  });

  it.each(['letters/anna.jpg', '~low', 'letters/~', 'letters/~Low', 'letters/~a.jpg', 'letters/~low/2', '/~low'])(
    'is not %s',
    (identifier) => {
      expect(parseTierIdentifier(identifier)).toEqual({ identifier, tier: null });
    },
  );
});
