import { describe, expect, it } from 'vitest';
import { ACCESS, cookiesOf, fakePeople, NO_COOKIES, OTHER_VIEWER, VIEWER } from '../../test/fakes/access.ts';
import { FakeClock } from '../../test/fakes/stores.ts';
import type { AllowRule } from '../domain/access.ts';
import { agreeToTerms } from './agree-to-terms.ts';
import { findSession } from './find-session.ts';
import { issueAccessToken } from './issue-access-token.ts';
import { createFailureBrake } from './slow-failures.ts';

type People = ReturnType<typeof fakePeople>;

async function agreed(people: People) {
  const terms = ACCESS.services.get('terms');
  if (terms === undefined) throw new Error('no terms');
  const outcome = await agreeToTerms(people, { service: terms, origin: VIEWER, cookies: NO_COOKIES, address: '192.0.2.7' });
  if (outcome.kind !== 'agreed' || outcome.opened === null) throw new Error('no cookies');
  return cookiesOf(outcome.opened);
}

function ask(people: People, cookies: ReadonlyMap<string, string>, given: { service?: string; origin?: string | null } = {}) {
  return issueAccessToken(people, { service: 'terms', origin: VIEWER, cookies, ...given });
}

describe('the access token service', () => {
  it('hands out a token of 256 bits that is not in any store, and is never the same', async () => {
    const people = fakePeople();
    const cookies = await agreed(people);
    const [first, second] = [await ask(people, cookies), await ask(people, cookies)];
    if (first.kind !== 'issued' || second.kind !== 'issued') throw new Error('no token');
    expect(first.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(second.token).not.toBe(first.token);
    expect([...people.stores.tokensByHash.keys()]).not.toContain(first.token);
  });

  it('publishes the lifetime that holds: never beyond the end of the session', async () => {
    const people = fakePeople();
    const cookies = await agreed(people);
    expect(await ask(people, cookies)).toMatchObject({ expiresInSeconds: 3600 });
    for (let hours = 0; hours < 11; hours += 1) {
      people.clock.forward({ hours: 1 });
      expect(await ask(people, cookies)).toMatchObject({ kind: 'issued' });
    }
    people.clock.forward({ minutes: 59, seconds: 30 });
    expect(await ask(people, cookies)).toMatchObject({ expiresInSeconds: 30 });
    people.clock.forward({ seconds: 29.5 });
    expect(await ask(people, cookies)).toEqual({ kind: 'denied', profile: 'expiredAspect' });
  });

  it('publishes no more than the idle time, which begins anew with the token', async () => {
    const people = { ...fakePeople(), limits: { idleMinutes: 10, absoluteHours: 12, tokenMinutes: 60 } };
    const cookies = await agreed(people);
    people.clock.forward({ minutes: 9 });
    expect(await ask(people, cookies)).toMatchObject({ expiresInSeconds: 600 });
    people.clock.forward({ minutes: 9, seconds: 59 });
    expect(await findSession(people, cookies, 'access')).toMatchObject({ state: 'live' });
  });

  it('denies with the profile of the specification', async () => {
    const people = fakePeople();
    const cookies = await agreed(people);
    expect(await ask(people, NO_COOKIES)).toEqual({ kind: 'denied', profile: 'missingAspect' });
    expect(await ask(people, new Map([['vitrine-access', 'undefined']]))).toEqual({ kind: 'denied', profile: 'invalidAspect' });
    expect(await ask(people, cookies, { service: 'members' })).toEqual({ kind: 'denied', profile: 'invalidAspect' });
    expect(await ask(people, cookies, { origin: OTHER_VIEWER })).toEqual({ kind: 'denied', profile: 'invalidOrigin' });
    expect(await ask(people, cookies, { origin: `${VIEWER}.evil.example` })).toEqual({ kind: 'denied', profile: 'invalidOrigin' });
    people.clock.forward({ hours: 2 });
    expect(await ask(people, cookies)).toEqual({ kind: 'denied', profile: 'expiredAspect' });
    expect(people.stores.tokensByHash.size).toBe(0);
  });

  it('is never good for longer than the rules that ask for its service', async () => {
    const people = fakePeople();
    const cookies = await agreed(people);
    const until = new Date(people.clock.now().getTime() + 90_000);
    const policy = { number: 1, line: 1, items: ['**'] };
    const rule = { service: 'terms', roles: [] };
    const ending = (rules: readonly AllowRule[]) => ({ ...people, access: () => ({ ...ACCESS, policies: [{ ...policy, allow: rules }] }) });
    expect(await ask(ending([{ ...rule, until }]), cookies)).toMatchObject({ expiresInSeconds: 90 });
    expect(await ask(ending([{ ...rule, until }, rule]), cookies)).toMatchObject({ expiresInSeconds: 3600 });
    expect(await ask(ending([{ ...rule, until: people.clock.now() }]), cookies)).toMatchObject({ expiresInSeconds: 3600 });
  });

  it('does not take the session cookie', async () => {
    const people = fakePeople();
    const cookies = await agreed(people);
    const sessionOnly = new Map([['vitrine-session', cookies.get('vitrine-session') ?? '']]);
    expect(await ask(people, sessionOnly)).toEqual({ kind: 'denied', profile: 'missingAspect' });
  });
});

describe('a viewer that fails again and again', () => {
  it('is slowed to one answer a second, and not locked out', () => {
    const brake = createFailureBrake(new FakeClock());
    expect(Array.from({ length: 7 }, () => brake.delayMilliseconds('a'))).toEqual([0, 0, 200, 400, 800, 1000, 1000]);
    expect(brake.delayMilliseconds('b')).toBe(0);
    brake.forget('a');
    expect(brake.delayMilliseconds('a')).toBe(0);
  });

  it('is forgotten after a pause', () => {
    const clock = new FakeClock();
    const brake = createFailureBrake(clock);
    for (let failure = 0; failure < 6; failure += 1) brake.delayMilliseconds('a');
    clock.forward({ seconds: 31 });
    expect(brake.delayMilliseconds('a')).toBe(0);
  });

  it('costs no more memory however many there are: the oldest go', () => {
    const brake = createFailureBrake(new FakeClock());
    for (let failure = 0; failure < 3; failure += 1) brake.delayMilliseconds('first');
    for (let other = 0; other < 5_000; other += 1) brake.delayMilliseconds(`other ${other}`);
    expect(brake.delayMilliseconds('first')).toBe(0);
  });
});
