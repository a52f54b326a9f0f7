import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeIdentifier, type ParsedPath, parseImagePath } from '../../src/iiif/image/parse-path.ts';
import { type ImageLimits, planImage } from '../../src/iiif/image/plan.ts';
import { isRefusal, type Refusal } from '../../src/lib/problems.ts';

const LIMITS: ImageLimits = { maxWidth: 10_000, maxHeight: 10_000, maxArea: 40_000_000, sizeAboveFull: true, maxUpscale: 2 };
const IMAGE = { width: 5_000, height: 4_000 };

const PATHS = readFileSync(join(import.meta.dirname, 'hostile-image-paths.txt'), 'utf8')
  .split('\n')
  .slice(0, -1)
  .filter((line, index, lines) => !line.startsWith('# ') && !(line === '' && lines[index + 1]?.startsWith('# ')));

function identifierOf(parsed: ParsedPath): string {
  return parsed.kind === 'image' ? parsed.request.identifier : parsed.identifier;
}

function expectHarmless(identifier: string) {
  expect(identifier).not.toMatch(/[\p{Cc}\\]/u);
  for (const name of identifier.split('/')) expect(['', '.', '..']).not.toContain(name);
}

/** A public sentence tells nothing of what was sent. */
function expectPublic(refusal: Refusal, path: string) {
  expect(refusal.code).toMatch(/^image\./);
  expect(refusal.detail).toMatch(/^[\x20-\x7e]{10,250}$/);
  if (path.length > 30) expect(refusal.detail).not.toContain(path);
}

describe.each([2, 3] as const)('hostile paths of version %d', (version) => {
  it.each([null, '!', ':'])('are refused or name harmless segments where %s stands for a slash', (slashSubstitute) => {
    let refused = 0;
    for (const path of PATHS) {
      const parsed = parseImagePath(path, version, { slashSubstitute });
      if (isRefusal(parsed)) {
        refused += 1;
        expectPublic(parsed, path);
        continue;
      }
      const identifier = identifierOf(parsed);
      expectHarmless(identifier);
      expect(parseImagePath(encodeIdentifier(identifier, slashSubstitute), version, { slashSubstitute })).toEqual({
        kind: 'base',
        identifier,
      });
    }
    expect(PATHS.length).toBeGreaterThan(200);
    expect(refused / PATHS.length).toBeGreaterThan(0.7);
  });

  it('never plan more than the limits', () => {
    for (const path of PATHS) {
      const parsed = parseImagePath(path, version, { slashSubstitute: null });
      if (isRefusal(parsed) || parsed.kind !== 'image') continue;
      const plan = planImage(parsed.request, IMAGE, LIMITS);
      if (isRefusal(plan)) expectPublic(plan, path);
      else expect(plan.size.width * plan.size.height).toBeLessThanOrEqual(LIMITS.maxArea);
    }
  });

  it('are refused when they are up to something in their parameters', () => {
    const inParameters = PATHS.filter((path) => /^a\/(?!info)/.test(path) && path.split('/').length === 5);
    const planned = inParameters.filter((path) => {
      const parsed = parseImagePath(path, version, { slashSubstitute: null });
      return !isRefusal(parsed) && parsed.kind === 'image' && !isRefusal(planImage(parsed.request, IMAGE, LIMITS));
    });
    const lawful = [
      'a/0,0,2147483648,2147483648/max/0/default.jpg',
      'a/full/max/45/default.png',
      ...(version === 3
        ? ['a/full/^!9999999999,9999999999/0/default.jpg', 'a/0,0,1,1/^max/0/default.jpg', 'a/full/^max/44.9999999999/default.png']
        : []),
    ];
    expect(planned.sort()).toEqual(lawful.sort());
  });
});
