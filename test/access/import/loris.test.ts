import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importLoris } from '../../../src/config/import/loris.ts';
import { findPolicy } from '../../../src/domain/decide.ts';
import { may, member, mistakesOf, readBack, STRANGER, sample, WISHES } from './imported.ts';

const FILES = ['maps/harz.rules.json', 'maps/plan.rules.json', 'terms.rules.json'].map((path) => ({ path, text: sample(`loris/${path}`) }));
const NAMES = new Set(['maps/harz.tif', 'maps/harz.extra.tif', ...FILES.map(({ path }) => path)]);

describe("Loris's rules", () => {
  const { model, remarks } = readBack(importLoris(FILES, NAMES, WISHES));

  it('open an image to one of its roles, and to nobody else', () => {
    expect(may(model, 'maps/harz.tif', member(model, 'maps/harz.tif', 'curator'))).toBe(true);
    expect(may(model, 'maps/harz.tif', member(model, 'maps/harz.tif', 'maps-team'))).toBe(true);
    expect(may(model, 'maps/harz.tif', member(model, 'maps/harz.tif', 'reader'))).toBe(false);
    expect(may(model, 'maps/harz.tif', STRANGER)).toBe(false);
  });

  it('are about the image of their name alone', () => {
    expect(may(model, 'maps/harz.extra.tif', STRANGER)).toBe(true);
  });

  it('leave open what names no roles, and what has no rules', () => {
    expect(may(model, 'maps/plan.png', STRANGER)).toBe(true);
    expect(may(model, 'other.png', STRANGER)).toBe(true);
  });

  it('bring the service and its texts along', () => {
    expect(model.services.get('members')).toMatchObject({
      pattern: 'login',
      label: { none: ['Sign in to Example Library'] },
      errorHeading: { none: ['No access'] },
    });
  });

  it('bring tiers along, the best first, for those who may have them', () => {
    expect(findPolicy(model, 'maps/harz.tif')?.otherwise).toMatchObject([
      { item: 'maps/harz-small.png', for: [{ service: 'members', roles: ['reader'] }] },
      { item: 'maps/harz-tiny.png', for: 'everyone' },
    ]);
  });

  it('say what has no counterpart with file and line', () => {
    expect(remarks).toEqual([
      expect.stringMatching(/^maps\/harz\.rules\.json:\d+: "viewingHint" has no counterpart/),
      expect.stringMatching(/^maps\/harz\.rules\.json:2: The role "maps team" is called maps-team/),
      expect.stringMatching(
        /^maps\/harz\.rules\.json:\d+: The tier https:\/\/iiif\.example\.org\/loris\/maps%2Fharz-tiny\.png is taken to be the file/,
      ),
      expect.stringMatching(/^maps\/harz\.rules\.json:\d+: The tier "https:\/\/iiif\.example\.org\/loris\/ark:1234" names no file/),
      expect.stringMatching(/^terms\.rules\.json:3: The page https:\/\/iiif\.example\.org\/terms gave the roles agreed to whoever agreed/),
      expect.stringMatching(/^terms\.rules\.json:2: There is no image of this name/),
    ]);
  });

  it('of which one is no JSON make nothing at all', () => {
    expect(mistakesOf(importLoris([...FILES, { path: 'x.rules.json', text: '{\n"allowed": [\n' }], NAMES, WISHES))).toEqual([
      expect.stringMatching(/^x\.rules\.json:\d+: This is no JSON\.$/),
    ]);
  });

  it('that are read with tabs and by a name of their own folder keep that folder', () => {
    const { model: below } = readBack(
      importLoris([{ path: 'a.rules.json', text: '{\n\t"allowed": ["r"]\n}' }], new Set(), { ...WISHES, below: 'old/' }),
    );
    expect(may(below, 'old/a.jp2', STRANGER)).toBe(false);
    expect(may(below, 'old/b.jp2', STRANGER)).toBe(true);
    expect(may(below, 'new/a.jp2', STRANGER)).toBe(false);
  });
});

describe('whatever is allowed', () => {
  const role = fc.constantFrom('r', 's', 't u', 'anna@example.org');
  const rules = fc.record(
    { allowed: fc.oneof(fc.uniqueArray(role), fc.constant(null), fc.constant('r'), fc.constant(7)) },
    { requiredKeys: [] },
  );

  it('nobody sees more than Loris showed them', () => {
    fc.assert(
      fc.property(rules, fc.subarray(['r', 's', 't-u', 'anna@example.org']), (given, held) => {
        const { model } = readBack(importLoris([{ path: 'a.rules.json', text: JSON.stringify(given) }], new Set(['a.png']), WISHES));
        const { allowed } = given;
        const isOpen = !allowed || (Array.isArray(allowed) && allowed.length === 0);
        const names = Array.isArray(allowed) ? allowed.map((each) => each.replace(' ', '-')) : [];
        expect(may(model, 'a.png', member(model, 'a.png', ...held))).toBe(isOpen || names.some((each) => held.includes(each)));
      }),
    );
  });
});
