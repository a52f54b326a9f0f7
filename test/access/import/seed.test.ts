import { describe, expect, it } from 'vitest';
import { importSeed } from '../../../src/config/import/seed.ts';
import { decide, findPolicy } from '../../../src/domain/decide.ts';
import { at, may, member, mistakesOf, readBack, STRANGER, sample, WISHES } from './imported.ts';

const NOW = new Date('2026-01-01');

describe('policy.json', () => {
  const { model, remarks } = readBack(importSeed('policy.json', sample('policy.json'), WISHES));
  const tiers = (path: string) => findPolicy(model, path)?.otherwise;

  it('leaves open what was open, and closes what had no entry', () => {
    expect(may(model, 'harz.jpg', STRANGER)).toBe(true);
    expect(may(model, 'unknown.jpg', member(model, 'unknown.jpg'))).toBe(false);
    expect(may(model, 'lost.jpg', member(model, 'lost.jpg'))).toBe(false);
  });

  it('opens an item to whoever was through one of its services, for that item alone', () => {
    expect(may(model, 'letter.jpg', member(model, 'letter.jpg'))).toBe(true);
    expect(may(model, 'letter.jpg', { ...member(model, 'diary.jpg'), services: new Set(['members/diary.jpg']) })).toBe(false);
    expect(may(model, 'letter.jpg', STRANGER)).toBe(false);
  });

  it('has one service for all where it was shared', () => {
    expect(may(model, 'film.mp4', { ...member(model, ''), services: new Set(['terms']) })).toBe(true);
  });

  it('offers each item the texts that it had', () => {
    const decision = decide(model, 'diary.jpg', STRANGER, NOW);
    expect(decision.outcome === 'access-needed' && decision.services.map(({ label }) => label)).toEqual([
      { none: ['Sign in to Example Library for diaries'] },
      { none: ['Staff of Example Library'] },
    ]);
  });

  it('makes the degraded file the lesser version, with its limit', () => {
    expect(tiers('letter.jpg')).toMatchObject([{ item: 'letter-small.jpg', maxOutput: 512, for: 'everyone' }]);
    expect(may(model, 'letter-small.jpg', STRANGER)).toBe(false);
    expect(tiers('letter-small.jpg')).toMatchObject([{ item: null, maxOutput: 512, for: 'everyone' }]);
    expect(tiers('plan.jpg')).toMatchObject([{ maxOutput: 700 }]);
  });

  it('opens a kiosk nowhere until its networks are written', () => {
    expect(may(model, 'desk.jpg', at('127.0.0.1'))).toBe(false);
    expect(may(model, 'desk.jpg', member(model, 'desk.jpg'))).toBe(false);
  });

  it('says what has no counterpart with the line of the entry', () => {
    const said = remarks.join('\n');
    expect(said).toMatch(
      /^policy\.json:3: The label of harz\.jpg belongs in a file beside it: harz\.jpg\.meta\.yaml with label: "The Harz"\.$/m,
    );
    expect(said).toMatch(/^policy\.json:\d+: "nowhere\.jpg", the lesser version of diary\.jpg, is no open item/m);
    expect(said).toMatch(/^policy\.json:\d+: The kiosk of desk\.jpg let in whoever opened it/m);
    expect(said).toMatch(/^policy\.json:\d+: "priority" of desk\.jpg has no counterpart/m);
    expect(said).toMatch(/^policy\.json:\d+: No item can have the name "readme"/m);
    expect(said).toMatch(/^policy\.json:\d+: Nothing opens lost\.jpg/m);
  });

  it.each([
    ['[]', /no JSON object/],
    ['{"comment": "x"}', /nothing to import/],
    ['{', /no JSON\./],
  ])('%s is refused with a sentence', (text, sentence) => {
    expect(mistakesOf(importSeed('policy.json', text, WISHES)).join('\n')).toMatch(sentence);
  });
});
