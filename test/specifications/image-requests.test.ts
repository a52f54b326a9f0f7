import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMAT_MAX_SIDE } from '../../src/iiif/image/features.ts';
import { parseImagePath } from '../../src/iiif/image/parse-path.ts';
import {
  effectiveLimits,
  type ImageLimits,
  type Plan,
  planImage,
  TURNED_AREA_PER_MAX_AREA,
  turnedSize,
} from '../../src/iiif/image/plan.ts';
import type { Dimensions } from '../../src/iiif/image/plan-region.ts';
import type { ImageApiVersion } from '../../src/iiif/image/request.ts';
import { isRefusal } from '../../src/lib/problems.ts';
import { arbitraryImage, arbitraryLimits, arbitraryParameters, arbitraryVersion } from './random-image-requests.ts';

const OPTIONS = { slashSubstitute: null };

/** Null when the path is no image request, or not one for this image. */
function planPath(version: ImageApiVersion, path: string, image: Dimensions, limits: ImageLimits): Plan | null {
  const parsed = parseImagePath(path, version, OPTIONS);
  if (isRefusal(parsed) || parsed.kind !== 'image') return null;
  const plan = planImage(parsed.request, image, limits);
  return isRefusal(plan) ? null : plan;
}

function expectInRange(plan: Plan, image: Dimensions, limits: ImageLimits) {
  const { region, size } = plan;
  for (const number of [region.x, region.y, region.width, region.height, size.width, size.height])
    expect(number).toSatisfy(Number.isSafeInteger);
  expect(Math.min(region.x, region.y)).toBeGreaterThanOrEqual(0);
  expect(Math.min(region.width, region.height, size.width, size.height)).toBeGreaterThanOrEqual(1);
  expect(region.x + region.width).toBeLessThanOrEqual(image.width);
  expect(region.y + region.height).toBeLessThanOrEqual(image.height);
  const effective = effectiveLimits(limits, image);
  expect(size.width).toBeLessThanOrEqual(effective.maxWidth);
  expect(size.height).toBeLessThanOrEqual(effective.maxHeight);
  expect(size.width * size.height).toBeLessThanOrEqual(effective.maxArea);
  expect(plan.degrees).toBeGreaterThanOrEqual(0);
  expect(plan.degrees).toBeLessThan(360);
  const turned = turnedSize(plan);
  expect(Math.max(turned.width, turned.height)).toBeLessThanOrEqual(FORMAT_MAX_SIDE[plan.format]);
  // Each side of the canvas is rounded up.
  const canvas = (turned.width - 1) * (turned.height - 1);
  expect(canvas).toBeLessThanOrEqual(TURNED_AREA_PER_MAX_AREA * limits.maxArea);
}

const arbitraryRequest = fc.record({
  version: arbitraryVersion,
  parameters: arbitraryParameters,
  image: arbitraryImage,
  limits: arbitraryLimits,
});

describe('any image request', () => {
  it('is planned inside the image and within the limits, or refused', () => {
    let planned = 0;
    fc.assert(
      fc.property(arbitraryRequest, ({ version, parameters, image, limits }) => {
        const plan = planPath(version, `a/${parameters}`, image, limits);
        if (plan === null) return;
        planned += 1;
        expectInRange(plan, image, limits);
      }),
      { numRuns: 3_000 },
    );
    expect(planned).toBeGreaterThan(300);
  });

  it('has one canonical form, which parses to itself and gives the same plan', () => {
    fc.assert(
      fc.property(arbitraryRequest, ({ version, parameters, image, limits }) => {
        const plan = planPath(version, `a/${parameters}`, image, limits);
        if (plan !== null) expect(planPath(version, `a/${plan.canonical}`, image, limits)).toEqual(plan);
      }),
      { numRuns: 3_000 },
    );
  });

  it('has the same plan whatever of it is percent-encoded', () => {
    const escaped = fc.tuple(arbitraryRequest, fc.infiniteStream(fc.boolean()));
    fc.assert(
      fc.property(escaped, ([{ version, parameters, image, limits }, flips]) => {
        const path = Array.from(parameters, (character) =>
          character !== '/' && flips.next().value ? percentEncode(character) : character,
        );
        const plain = planPath(version, `a/${parameters}`, image, limits);
        expect(planPath(version, `a/${path.join('')}`, image, limits)).toEqual(plain);
      }),
    );
  });

  it('shares its canonical form only with requests for the same pixels', () => {
    fc.assert(
      fc.property(arbitraryRequest, arbitraryParameters, ({ version, parameters, image, limits }, others) => {
        const one = planPath(version, `a/${parameters}`, image, limits);
        const other = planPath(version, `a/${others}`, image, limits);
        if (one === null || other === null) return;
        expect(one.canonical === other.canonical).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 1_000 },
    );
  });

  it('never throws when it is mutated, and never leaves the image', () => {
    const bit = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom('/', '%', '%2F', '%00', ',', '-', '.', '^', '!', '1e9', '999999999999', 'pct:', '\0', '\r\n'),
    );
    const mutation = fc.record({ at: fc.nat(60), removed: fc.nat(4), inserted: bit });
    fc.assert(
      fc.property(
        arbitraryRequest,
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        ({ version, parameters, image, limits }, mutations) => {
          const path = mutations.reduce(
            (text, { at, removed, inserted }) => text.slice(0, at) + inserted + text.slice(at + removed),
            `a/${parameters}`,
          );
          const plan = planPath(version, path, image, limits);
          if (plan !== null) expectInRange(plan, image, limits);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
