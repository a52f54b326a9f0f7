import { describe, expect, it } from 'vitest';
import { ACCESS, cookiesOf, fakePeople, NO_COOKIES, OTHER_VIEWER, VIEWER } from '../../test/fakes/access.ts';
import type { AccessService } from '../domain/access.ts';
import { isRefusal } from '../lib/problems.ts';
import { agreeToTerms, declineTerms } from './agree-to-terms.ts';
import { continueToViewer } from './continue-to-viewer.ts';
import { findSession } from './find-session.ts';
import { issueAccessToken } from './issue-access-token.ts';
import { openAccessService } from './open-access-service.ts';
import { removeEndedSessions } from './remove-ended-sessions.ts';
import type { SignInAttempt } from './sign-in.ts';
import { signIn } from './sign-in.ts';
import { leaveService } from './sign-out.ts';

type People = ReturnType<typeof fakePeople>;

function attempt(given: Partial<SignInAttempt> = {}): SignInAttempt {
  const grants = [{ service: 'members', origin: VIEWER }];
  return { name: 'ada', password: 'lovelace', address: '192.0.2.7', cookies: NO_COOKIES, grants, ...given };
}

async function signedIn(people: People, given: Partial<SignInAttempt> = {}) {
  const outcome = await signIn(people, attempt(given));
  if (outcome.kind !== 'signed-in') throw new Error('could not sign in');
  return cookiesOf(outcome.opened);
}

function serviceOf(name: string): AccessService {
  const service = ACCESS.services.get(name);
  if (service === undefined) throw new Error(`no service ${name}`);
  return service;
}

async function agreed(people: People, cookies = NO_COOKIES, origin = VIEWER) {
  const outcome = await agreeToTerms(people, { service: serviceOf('terms'), origin, cookies, address: '192.0.2.7' });
  if (isRefusal(outcome)) throw new Error(outcome.detail);
  return outcome.opened === null ? cookies : cookiesOf(outcome.opened);
}

const from = (cookies: ReadonlyMap<string, string>) => ({ cookies, address: '192.0.2.7' });

async function grantsOf(people: People, cookies: ReadonlyMap<string, string>) {
  const found = await findSession(people, cookies, 'session');
  return found.state === 'live' ? found.session.grants.map(({ service, origin }) => `${service} ${origin}`) : found.state;
}

describe('signing in', () => {
  it('opens a session with the grant, whatever the case of the name', async () => {
    const people = fakePeople();
    expect(await grantsOf(people, await signedIn(people, { name: ' ADA ' }))).toEqual([`members ${VIEWER}`]);
  });

  it('stores hashes only', async () => {
    const people = fakePeople();
    const cookies = await signedIn(people);
    await issueAccessToken(people, { service: 'members', origin: VIEWER, cookies });
    const stored = JSON.stringify([...people.stores.sessionsById, ...people.stores.tokensByHash]);
    for (const cookie of cookies.values()) expect(stored).not.toContain(cookie.split('.')[1]);
  });

  it('says the same to a wrong password and to a user who does not exist, after the same work', async () => {
    const people = fakePeople();
    expect(await signIn(people, attempt({ password: 'wrong' }))).toEqual({ kind: 'wrong' });
    expect(await signIn(people, attempt({ name: 'nemo' }))).toEqual({ kind: 'wrong' });
    expect(people.passwords.asked).toEqual(['hash of lovelace', null]);
    expect(people.stores.sessionsById.size).toBe(0);
  });

  it('says it to a user who is disabled as well, after the same work, and opens nothing', async () => {
    const people = fakePeople();
    await people.users.disable('usr_ada', people.clock.now());
    expect(await signIn(people, attempt())).toEqual({ kind: 'wrong' });
    expect(people.passwords.asked).toEqual(['hash of lovelace']);
    expect(people.stores.sessionsById.size).toBe(0);
    await people.users.enable('usr_ada');
    expect(await signIn(people, attempt())).toMatchObject({ kind: 'signed-in' });
  });

  it('is remembered with the user; a wrong password is not', async () => {
    const people = fakePeople();
    await signIn(people, attempt({ password: 'wrong' }));
    expect((await people.users.find('ada'))?.lastSignInAt).toBeNull();
    await signIn(people, attempt());
    expect((await people.users.find('ada'))?.lastSignInAt).toEqual(people.clock.now());
  });

  it.each([
    ['an empty password', { password: '' }],
    ['an empty name', { name: ' ' }],
    ['a password of a megabyte', { password: 'x'.repeat(1_000_000) }],
  ])('refuses %s without asking for the hash', async (_what, given) => {
    const people = fakePeople();
    expect(await signIn(people, attempt(given))).toEqual({ kind: 'wrong' });
    expect(people.passwords.asked).toEqual([]);
  });

  it('rotates: terms agreed to before stay, and the cookies from before are worth nothing', async () => {
    const people = fakePeople();
    const before = await agreed(people);
    const after = await signedIn(people, { cookies: before });
    expect(await grantsOf(people, after)).toEqual([`terms ${VIEWER}`, `members ${VIEWER}`]);
    expect(await findSession(people, before, 'session')).toEqual({ state: 'unknown' });
    expect(await findSession(people, before, 'access')).toEqual({ state: 'unknown' });
  });

  it('takes nothing of another account along', async () => {
    const people = fakePeople();
    const ada = await signedIn(people, { grants: [{ service: 'members', origin: OTHER_VIEWER }] });
    const token = await issueAccessToken(people, { service: 'members', origin: OTHER_VIEWER, cookies: ada });
    expect(token.kind).toBe('issued');
    const grace = await signedIn(people, { name: 'grace', password: 'hopper', cookies: ada });
    expect(await grantsOf(people, grace)).toEqual([`members ${VIEWER}`]);
    expect(people.stores.tokensByHash.size).toBe(0);
    expect(people.stores.sessionsById.size).toBe(1);
  });

  it('lasts up to the absolute end from the sign-in', async () => {
    const people = fakePeople();
    const cookies = await signedIn(people);
    const [session] = people.stores.sessionsById.values();
    expect(session?.endsAt).toEqual(new Date(people.clock.now().getTime() + 12 * 3_600_000));
    people.clock.forward({ hours: 12 });
    expect(await findSession(people, cookies, 'access')).toEqual({ state: 'ended' });
  });
});

describe('too many attempts', () => {
  async function fail(people: People, times: number, given: Partial<SignInAttempt> = {}) {
    for (let time = 0; time < times; time += 1) {
      expect(await signIn(people, attempt({ password: 'wrong', ...given }))).toEqual({ kind: 'wrong' });
    }
  }

  it('are refused after five failures, even with the right password, and asked to wait', async () => {
    const people = fakePeople();
    await fail(people, 5);
    const outcome = await signIn(people, attempt());
    expect(outcome).toMatchObject({ kind: 'refused', code: 'request.throttled', retryAfterSeconds: 15 });
    expect(people.passwords.asked).toHaveLength(5);
  });

  it('wait twice as long each time, and never for good', async () => {
    const people = fakePeople();
    await fail(people, 5);
    const waits: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const outcome = await signIn(people, attempt());
      if (!isRefusal(outcome)) throw new Error('was let in');
      waits.push(outcome.retryAfterSeconds ?? 0);
      people.clock.forward({ seconds: outcome.retryAfterSeconds ?? 0 });
      await fail(people, 1);
    }
    expect(waits).toEqual([15, 30, 60, 120, 240]);
    people.clock.forward({ minutes: 15 });
    expect(await signIn(people, attempt())).toMatchObject({ kind: 'signed-in' });
  });

  it('are forgotten after a success', async () => {
    const people = fakePeople();
    await fail(people, 4);
    await signedIn(people);
    await fail(people, 5);
  });

  it('at one address do not keep the owner of the name out elsewhere', async () => {
    const people = fakePeople();
    await fail(people, 5, { address: '198.51.100.9' });
    expect(await signIn(people, attempt())).toMatchObject({ kind: 'signed-in' });
  });

  it('count for a whole IPv6 network', async () => {
    const people = fakePeople();
    await fail(people, 5, { address: '2001:db8:1:2::1' });
    expect(await signIn(people, attempt({ address: '2001:0DB8:1:2:ffff::2' }))).toMatchObject({ code: 'request.throttled' });
    expect(await signIn(people, attempt({ address: '2001:db8:1:3::1' }))).toMatchObject({ kind: 'signed-in' });
  });

  it('at one address with many names are slowed as well, later', async () => {
    const people = fakePeople();
    for (let name = 0; name < 50; name += 1) await fail(people, 1, { name: `name${name}` });
    expect(await signIn(people, attempt())).toMatchObject({ code: 'request.throttled', retryAfterSeconds: 5 });
  });

  it('with one name at many addresses wait a little', async () => {
    const people = fakePeople();
    for (let host = 0; host < 100; host += 1) await fail(people, 1, { address: `203.0.113.${host}` });
    expect(await signIn(people, attempt())).toMatchObject({ code: 'request.throttled', retryAfterSeconds: 2 });
  });

  it('sent all at once do not slip through', async () => {
    const people = fakePeople();
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => signIn(people, attempt({ password: 'wrong' }))));
    expect(outcomes.filter((outcome) => outcome.kind === 'wrong').length).toBeLessThanOrEqual(5);
    expect(people.passwords.asked.length).toBeLessThanOrEqual(5);
  });

  it('leave no name and no password in the store', async () => {
    const people = fakePeople();
    await fail(people, 1, { name: 'my-secret-password' });
    expect(JSON.stringify(people.stores.failures)).not.toContain('my-secret-password');
  });
});

describe('the audit', () => {
  const given = { address: '192.0.2.7', service: 'members' };

  it('says who signed in, agreed and signed out', async () => {
    const people = fakePeople();
    const cookies = await signedIn(people, { name: 'ADA', cookies: await agreed(people) });
    await leaveService(people, serviceOf('members'), from(cookies), 'session');
    expect(people.audit.entries).toEqual([
      { action: 'agreed', actor: null, address: '192.0.2.7', service: 'terms' },
      { action: 'sign-in', actor: 'ada', ...given },
      { action: 'sign-out', actor: 'ada', address: '192.0.2.7' },
    ]);
  });

  it('says whose account somebody failed to open, and repeats nothing that is no name of a user', async () => {
    const people = fakePeople();
    await signIn(people, attempt({ name: 'Ada', password: 'wrong' }));
    await signIn(people, attempt({ name: 'my-secret-password', password: 'ada' }));
    for (let time = 0; time < 5; time += 1) await signIn(people, attempt({ password: 'wrong' }));
    const failed = { action: 'sign-in.failed', ...given };
    expect(people.audit.entries.slice(0, 2)).toEqual([
      { ...failed, target: 'ada', detail: 'wrong name or password' },
      { ...failed, target: null, detail: 'wrong name or password' },
    ]);
    expect(people.audit.entries.at(-1)).toEqual({ ...failed, target: 'ada', detail: 'too many attempts' });
  });
});

describe('opening an access service', () => {
  it('asks for a sign-in, or for a click of somebody who has signed in', async () => {
    const people = fakePeople();
    expect(await openAccessService(people, 'members', from(NO_COOKIES))).toMatchObject({ step: 'sign-in', signedInAs: null });
    const cookies = await signedIn(people);
    expect(await openAccessService(people, 'staff', from(cookies))).toMatchObject({ step: 'continue', userName: 'ada' });
  });

  it('shows terms, and says whether they were agreed to', async () => {
    const people = fakePeople();
    expect(await openAccessService(people, 'terms', from(NO_COOKIES))).toMatchObject({ step: 'terms', alreadyAgreed: false });
    expect(await openAccessService(people, 'terms', from(await agreed(people)))).toMatchObject({ step: 'terms', alreadyAgreed: true });
  });

  it.each(['', 'nothing', 'constructor', '__proto__', 'members/'])('knows no service %j', async (name) => {
    expect(await openAccessService(fakePeople(), name, from(NO_COOKIES))).toMatchObject({ code: 'not-found' });
  });
});

describe('one more viewer', () => {
  it('is let in by a click, with the cookies that are there', async () => {
    const people = fakePeople();
    const cookies = await signedIn(people);
    expect(await continueToViewer(people, serviceOf('members'), OTHER_VIEWER, cookies)).toEqual({ kind: 'continued', opened: null });
    expect(await grantsOf(people, cookies)).toEqual([`members ${VIEWER}`, `members ${OTHER_VIEWER}`]);
  });

  it('brings a new access cookie where the browser lost it, to the same end', async () => {
    const people = fakePeople();
    const cookies = await signedIn(people);
    const [before] = people.stores.sessionsById.values();
    people.clock.forward({ minutes: 30 });
    const half = new Map([['vitrine-session', cookies.get('vitrine-session') ?? '']]);
    const outcome = await continueToViewer(people, serviceOf('members'), OTHER_VIEWER, half);
    if (outcome.kind !== 'continued' || outcome.opened === null) throw new Error('no cookies');
    expect(outcome.opened.endsAt).toEqual(before?.endsAt);
    expect(await findSession(people, cookiesOf(outcome.opened), 'access')).toMatchObject({ state: 'live', user: { name: 'ada' } });
  });

  it('is not let in by somebody who only agreed to terms', async () => {
    const people = fakePeople();
    expect(await continueToViewer(people, serviceOf('members'), VIEWER, await agreed(people))).toEqual({ kind: 'not-signed-in' });
  });
});

describe('terms', () => {
  it('open a session without an account, and a second viewer joins it', async () => {
    const people = fakePeople();
    const cookies = await agreed(people);
    expect(await agreed(people, cookies, OTHER_VIEWER)).toBe(cookies);
    expect(await grantsOf(people, cookies)).toEqual([`terms ${VIEWER}`, `terms ${OTHER_VIEWER}`]);
  });

  it('open no more sessions for one address than people are likely to be behind it', async () => {
    const people = fakePeople();
    const agree = (address: string, cookies = NO_COOKIES) =>
      agreeToTerms(people, { service: serviceOf('terms'), origin: VIEWER, cookies, address });
    const known = await agreed(people);
    for (let times = 1; times < 300; times += 1) await agree('192.0.2.7');
    expect(await agree('192.0.2.7')).toMatchObject({ code: 'request.throttled', retryAfterSeconds: 1 });
    expect(people.stores.sessionsById.size).toBe(300);
    expect(await agree('192.0.2.7', known)).toMatchObject({ kind: 'agreed' });
    expect(await agree('198.51.100.1')).toMatchObject({ kind: 'agreed' });
  });

  it('declined grant nothing, and take back what was agreed to', async () => {
    const people = fakePeople();
    await declineTerms(people, serviceOf('terms'), NO_COOKIES);
    expect(people.stores.sessionsById.size).toBe(0);
    const cookies = await agreed(people);
    await declineTerms(people, serviceOf('terms'), cookies);
    expect(await grantsOf(people, cookies)).toEqual([]);
  });
});

describe('leaving a service', () => {
  it('that signs in ends everything', async () => {
    const people = fakePeople();
    const cookies = await signedIn(people, { cookies: await agreed(people) });
    expect(await leaveService(people, serviceOf('staff'), from(cookies), 'session')).toBe('session-ended');
    expect(people.stores.sessionsById.size).toBe(0);
  });

  it('with terms ends the session only where nothing else is in it', async () => {
    const people = fakePeople();
    expect(await leaveService(people, serviceOf('terms'), from(await agreed(people)), 'session')).toBe('session-ended');
    const cookies = await signedIn(people, { cookies: await agreed(people) });
    expect(await leaveService(people, serviceOf('terms'), from(cookies), 'session')).toBe('grants-ended');
    expect(await grantsOf(people, cookies)).toEqual([`members ${VIEWER}`]);
    expect(await leaveService(people, serviceOf('terms'), from(NO_COOKIES), 'session')).toBe('nothing-to-end');
  });
});

describe('tidying up', () => {
  it('removes what has ended for a day, so that until then a viewer hears "expired"', async () => {
    const people = fakePeople();
    const cookies = await signedIn(people);
    people.clock.forward({ hours: 13 });
    expect(await removeEndedSessions(people)).toBe(0);
    expect(await issueAccessToken(people, { service: 'members', origin: VIEWER, cookies })).toMatchObject({ profile: 'expiredAspect' });
    people.clock.forward({ hours: 24 });
    expect(await removeEndedSessions(people)).toBe(1);
    expect(await issueAccessToken(people, { service: 'members', origin: VIEWER, cookies })).toMatchObject({ profile: 'invalidAspect' });
  });

  it('keeps to a number of sessions that belong to nobody', async () => {
    const people = fakePeople();
    const asked: number[] = [];
    const sessions = { ...people.sessions, removeUnowned: async (keep: number) => asked.push(keep) };
    expect(await removeEndedSessions({ ...people, sessions })).toBe(1);
    expect(asked).toEqual([200_000]);
  });
});
