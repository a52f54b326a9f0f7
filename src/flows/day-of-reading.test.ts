import { describe, expect, it } from 'vitest';
import { ACCESS, cookiesOf, fakePeople, NO_COOKIES, VIEWER } from '../../test/fakes/access.ts';
import { optionRow } from '../config/options.ts';
import type { AccessModel } from '../domain/access.ts';
import type { SessionLimits } from '../domain/session.ts';
import { agreeToTerms } from './agree-to-terms.ts';
import { issueAccessToken } from './issue-access-token.ts';
import { openAccessService } from './open-access-service.ts';
import { recogniseVisitor } from './recognise-visitor.ts';
import { signIn } from './sign-in.ts';

/** As a server has them whose options nobody touched. */
const DEFAULTS: SessionLimits = {
  idleMinutes: Number(optionRow('sessionIdleMinutes').defaultText),
  absoluteHours: Number(optionRow('sessionAbsoluteHours').defaultText),
  tokenMinutes: Number(optionRow('tokenMinutes').defaultText),
};

function evidence(cookies: ReadonlyMap<string, string>, authorization: string | null = null) {
  return { cookies, authorization, origin: authorization === null ? null : VIEWER, address: '192.0.2.7' };
}

async function signedIn(people: ReturnType<typeof fakePeople>): Promise<ReadonlyMap<string, string>> {
  const grants = [{ service: 'members', origin: VIEWER }];
  const outcome = await signIn(people, { name: 'ada', password: 'lovelace', address: '192.0.2.7', cookies: NO_COOKIES, grants });
  if (outcome.kind !== 'signed-in') throw new Error(outcome.kind);
  return cookiesOf(outcome.opened);
}

describe('a day of reading, with the defaults', () => {
  /** Minutes without a request: tiles while a page is turned, a page that is transcribed, lunch, a lecture, the evening. */
  const PAUSES = [0.1, 1, 20, 45, 3, 90, 10, 55, 180, 5, 30, 120, 15, 60, 2, 150];

  it('takes one sign-in: the pictures stay open, and tokens are renewed whenever one has ended', async () => {
    const people = { ...fakePeople(), limits: DEFAULTS };
    const cookies = await signedIn(people);
    let token = '';
    let tokenEnd = new Date(0);
    for (const minutes of PAUSES) {
      people.clock.forward({ minutes });
      expect(await recogniseVisitor(people, evidence(cookies), 'content')).toMatchObject({ by: 'access-cookie', user: { name: 'ada' } });
      if (people.clock.now() >= tokenEnd) {
        const issued = await issueAccessToken(people, { service: 'members', origin: VIEWER, cookies });
        if (issued.kind !== 'issued') throw new Error(issued.profile);
        token = issued.token;
        tokenEnd = new Date(people.clock.now().getTime() + issued.expiresInSeconds * 1000);
      }
      const visitor = await recogniseVisitor(people, evidence(new Map(), `Bearer ${token}`), 'information');
      expect(visitor).toMatchObject({ by: 'access-token', services: new Set(['members']) });
    }
    expect(PAUSES.reduce((sum, minutes) => sum + minutes, 0) / 60).toBeGreaterThan(12);
  });

  it('is kept alive by tokens alone, where a viewer asks for documents and the browser has the pictures', async () => {
    const people = { ...fakePeople(), limits: DEFAULTS };
    const cookies = await signedIn(people);
    for (let hour = 0; hour < 12; hour += 1) {
      const issued = await issueAccessToken(people, { service: 'members', origin: VIEWER, cookies });
      expect(issued).toMatchObject({ kind: 'issued', expiresInSeconds: DEFAULTS.tokenMinutes * 60 });
      people.clock.forward({ minutes: DEFAULTS.tokenMinutes });
    }
  });

  it('ends with the session’s absolute end, however much it is used, and after a night without use', async () => {
    const [busy, idle] = [
      { ...fakePeople(), limits: DEFAULTS },
      { ...fakePeople(), limits: DEFAULTS },
    ];
    const cookies = await signedIn(busy);
    for (let minutes = 0; minutes < DEFAULTS.absoluteHours * 60; minutes += 30) {
      expect(await recogniseVisitor(busy, evidence(cookies), 'content')).toMatchObject({ by: 'access-cookie' });
      busy.clock.forward({ minutes: 30 });
    }
    expect(await recogniseVisitor(busy, evidence(cookies), 'content')).toMatchObject({ by: 'nobody' });
    const others = await signedIn(idle);
    idle.clock.forward({ minutes: DEFAULTS.idleMinutes });
    expect(await recogniseVisitor(idle, evidence(others), 'content')).toMatchObject({ by: 'nobody' });
    expect(await issueAccessToken(idle, { service: 'members', origin: VIEWER, cookies: others })).toMatchObject({
      profile: 'expiredAspect',
    });
  });
});

describe('what counts for some minutes', () => {
  const terms = ACCESS.services.get('terms');
  if (terms === undefined) throw new Error('no terms');
  const access = (minutes: number): AccessModel => ({ ...ACCESS, services: new Map([['terms', { ...terms, minutes }]]) });

  async function agreedTo(minutes: number) {
    const model = { current: access(minutes) };
    const people = { ...fakePeople(), access: () => model.current };
    const agree = async (cookies: ReadonlyMap<string, string>) => {
      const outcome = await agreeToTerms(people, { service: terms ?? fail(), origin: VIEWER, cookies, address: '192.0.2.7' });
      return outcome.kind === 'agreed' && outcome.opened !== null ? cookiesOf(outcome.opened) : cookies;
    };
    const ask = (cookies: ReadonlyMap<string, string>) => issueAccessToken(people, { service: 'terms', origin: VIEWER, cookies });
    return { model, people, agree, ask, cookies: await agree(NO_COOKIES) };
  }

  function fail(): never {
    throw new Error('no terms');
  }

  it('ends to the second, in pictures and tokens; no token is published for longer', async () => {
    const { people, ask, cookies } = await agreedTo(30);
    people.clock.forward({ minutes: 20 });
    const issued = await ask(cookies);
    if (issued.kind !== 'issued') throw new Error(issued.profile);
    expect(issued.expiresInSeconds).toBe(600);
    const services = async () => [
      (await recogniseVisitor(people, evidence(cookies), 'content')).services,
      (await recogniseVisitor(people, evidence(new Map(), `Bearer ${issued.token}`), 'information')).services,
    ];
    people.clock.forward({ minutes: 9, seconds: 59 });
    expect(await services()).toEqual([new Set(['terms']), new Set(['terms'])]);
    people.clock.forward({ seconds: 1 });
    expect(await services()).toEqual([new Set(), new Set()]);
    expect(await ask(cookies)).toEqual({ kind: 'denied', profile: 'expiredAspect' });
  });

  it('begins anew with another visit, in the session that lives on', async () => {
    const { people, agree, ask, cookies } = await agreedTo(30);
    people.clock.forward({ minutes: 40 });
    const opened = await openAccessService(people, 'terms', evidence(cookies));
    expect(opened).toMatchObject({ step: 'terms', alreadyAgreed: false });
    expect(await agree(cookies)).toBe(cookies);
    expect(await ask(cookies)).toMatchObject({ kind: 'issued', expiresInSeconds: 1800 });
    expect(await openAccessService(people, 'terms', evidence(cookies))).toMatchObject({ alreadyAgreed: true });
  });

  it('ends at once where the access file gives it less, for tokens that were issued for longer too', async () => {
    const { model, people, ask, cookies } = await agreedTo(30);
    const issued = await ask(cookies);
    if (issued.kind !== 'issued') throw new Error(issued.profile);
    people.clock.forward({ minutes: 10 });
    model.current = access(5);
    const visitor = await recogniseVisitor(people, evidence(new Map(), `Bearer ${issued.token}`), 'information');
    expect(visitor.services).toEqual(new Set());
  });
});
