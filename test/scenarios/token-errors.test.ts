import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/storage/sqlite/open.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { createRandomness } from '../../src/adapters/system/randomness.ts';
import { openSession } from '../../src/flows/open-session.ts';
import { cookiesOf } from '../fakes/access.ts';
import { readTokenPage, TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { checkTokenError2 } from '../specifications/auth-2.ts';

const ACCESS = `accessServices:
  members:
    pattern: login
    label: { en: [Sign in to Example Library] }
    errorHeading: { en: [No reader’s card], de: [Kein Leseausweis] }
    errorNote: { en: [Ask <b>at the desk</b>.], de: [Fragen Sie <b>an der Theke</b>.] }
  hour: { pattern: clickthrough, label: { en: [An hour at Example Library] }, minutes: 60 }
  staff: { pattern: external, label: { en: [Staff of Example Library] } }
policies:
  - { items: members/**, allow: [{ service: members }] }
  - { items: curators/**, allow: [{ service: staff }] }
  - { items: terms/**, allow: [{ service: hour }] }
`;

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
});
afterAll(() => vitrine.close());

type Query = Readonly<Record<string, string>>;
const ASKED: Query = { messageId: 'm1', origin: VIEWER };

/** What both specifications' services say, in English and in German, and what 1.0 answers to clients that are no browsers. */
async function askFor(service: string, visitor: TestVisitor, query: Query = ASKED) {
  const ask = (version: 1 | 2, given: Query, language: string) =>
    visitor.ask(`/auth/token/${version}/${service}?${new URLSearchParams(given)}`, { headers: { 'accept-language': language } });
  const page = async (version: 1 | 2, language: string) => {
    const response = await ask(version, query, language);
    expect(response.status).toBe(200);
    return readTokenPage(await response.text());
  };
  const { messageId: _, ...unasked } = query;
  // All at once: repeated failures are held back for a moment.
  const [two, one, german, bare] = await Promise.all([page(2, 'en'), page(1, 'en'), page(1, 'de'), ask(1, unasked, 'en')]);
  return { two, one, german, bare: { status: bare.status, body: (await bare.json()) as Record<string, unknown> } };
}

/** Everything that an error has to be, in either version. */
function expectError(answers: Awaited<ReturnType<typeof askFor>>, profile: string, error: string, status: number): void {
  const { two, one, german, bare } = answers;
  expect(checkTokenError2(two.message)).toEqual([]);
  expect(two.message).toMatchObject({ profile });
  for (const { message } of [one, german]) expect(message).toMatchObject({ error, description: expect.stringMatching(/\S+ \S+/) });
  expect(german.message['description']).not.toBe(one.message['description']);
  expect(bare).toMatchObject({ status, body: { error } });
  expect(bare.body).not.toHaveProperty('messageId');
}

/** Somebody who was at a service so many minutes ago. */
async function visitorOf(service: string, minutesAgo: number): Promise<TestVisitor> {
  const database = await openSqlite(join(vitrine.data, 'vitrine.db'));
  const limits = { idleMinutes: 120, absoluteHours: 24, tokenMinutes: 60 };
  const deps = { ...database, clock: systemClock, randomness: createRandomness(), limits };
  const grantedAt = new Date(systemClock.now().getTime() - minutesAgo * 60_000);
  const { opened } = await openSession(deps, null, [{ service, origin: VIEWER, grantedAt }]);
  await database.close();
  const visitor = new TestVisitor(vitrine);
  for (const [name, value] of cookiesOf(opened)) visitor.cookies.set(name, value);
  return visitor;
}

describe('the token service says', () => {
  it('invalidRequest for a service that is not there', async () => {
    expectError(await askFor('nothing', new TestVisitor(vitrine)), 'invalidRequest', 'invalidRequest', 400);
  });

  it('invalidRequest where the viewer left out its origin', async () => {
    const visitor = new TestVisitor(vitrine);
    const page = async (version: 1 | 2) => readTokenPage(await (await visitor.ask(`/auth/token/${version}/members?messageId=m1`)).text());
    expect(await page(2)).toMatchObject({ message: { profile: 'invalidRequest' }, target: null });
    expect(await page(1)).toMatchObject({ message: { error: 'invalidRequest' }, target: null });
  });

  it('invalidOrigin to a viewer that nobody was sent by, and for what is no origin', async () => {
    const visitor = await visitorOf('hour', 1);
    const answers = await askFor('hour', visitor, { messageId: 'm1', origin: 'https://other.example' });
    expectError(answers, 'invalidOrigin', 'invalidOrigin', 403);
    expect(answers.two.target).toBe('https://other.example');
    const malformed = await askFor('hour', visitor, { messageId: 'm1', origin: 'viewer.example' });
    expectError(malformed, 'invalidOrigin', 'invalidOrigin', 403);
    expect(malformed.two.target).toBeNull();
  });

  it('missingAspect to whoever brings nothing, in the administrator’s own words where there are some', async () => {
    const answers = await askFor('members', new TestVisitor(vitrine));
    expectError(answers, 'missingAspect', 'missingCredentials', 401);
    expect(answers.two.message).toMatchObject({ heading: { en: ['No reader’s card'] }, note: { en: ['Ask at the desk.'] } });
    expect(answers.german.message['description']).toContain('Kein Leseausweis');
    expectError(await askFor('hour', new TestVisitor(vitrine)), 'missingAspect', 'missingCredentials', 401);
    expectError(await askFor('staff', new TestVisitor(vitrine)), 'missingAspect', 'missingCredentials', 401);
  });

  it('invalidAspect to whoever was at another service, and for a cookie that is not ours', async () => {
    const visitor = await visitorOf('hour', 1);
    expectError(await askFor('members', visitor), 'invalidAspect', 'invalidCredentials', 401);
    visitor.cookies.set('vitrine-access', 'ses_nobody.nothing');
    expectError(await askFor('hour', visitor), 'invalidAspect', 'invalidCredentials', 401);
  });

  it('expiredAspect once the service’s minutes are over, and gives a token before', async () => {
    const early = await askFor('hour', await visitorOf('hour', 58));
    expect(early.two.message).toMatchObject({ type: 'AuthAccessToken2' });
    expect(Number(early.two.message['expiresIn'])).toBeLessThanOrEqual(120);
    const late = await visitorOf('hour', 60);
    expectError(await askFor('hour', late), 'expiredAspect', 'invalidCredentials', 401);
    await late.submit(`/auth/access/hour?origin=${encodeURIComponent(VIEWER)}`, { answer: 'agree' });
    expect((await late.token(2, 'hour')).message).toMatchObject({ type: 'AuthAccessToken2' });
  });

  it('unavailable while tokens cannot be stored, and says so in no other words', async () => {
    const visitor = await visitorOf('hour', 1);
    const database = new SqliteDatabase(join(vitrine.data, 'vitrine.db'));
    database.exec('ALTER TABLE tokens RENAME TO tokens_elsewhere');
    try {
      const answers = await askFor('hour', visitor);
      expectError(answers, 'unavailable', 'unavailable', 503);
      expect(JSON.stringify(answers)).not.toMatch(/sql|table|tokens_/i);
    } finally {
      database.exec('ALTER TABLE tokens_elsewhere RENAME TO tokens');
      database.close();
    }
    expect((await visitor.token(1, 'hour')).message).toHaveProperty('accessToken');
  });
});

describe('an external service that opens by signing in elsewhere on this site', () => {
  const DIARY = '/iiif/3/curators%2Fdiary.jpg';

  it('is told of without an address, and opens to whoever signed in at /sign-in, by cookie and by token', async () => {
    const visitor = new TestVisitor(vitrine);
    const document = await (await visitor.ask(`${DIARY}/info.json`)).text();
    expect(document).toContain('http://iiif.io/api/auth/1/external');
    expect(document).not.toContain('/auth/access/');
    expect(document).not.toContain('sign-in');
    await visitor.submit('/sign-in', { user: 'reader', password: 'correct horse battery' });
    expect((await visitor.ask(`${DIARY}/full/40,/0/default.jpg`)).status).toBe(200);
    for (const [version, header] of [
      [1, 'https://one.example'],
      [2, 'https://two.example'],
    ] as const) {
      const { message } = await visitor.token(version, 'staff', header);
      const headers = { authorization: `Bearer ${String(message['accessToken'])}`, origin: header };
      expect((await new TestVisitor(vitrine).ask(`${DIARY}/info.json`, { headers })).status).toBe(200);
    }
  });

  it('opens to nobody who only agreed to terms', async () => {
    const visitor = await visitorOf('hour', 1);
    expect((await visitor.ask(`${DIARY}/full/40,/0/default.jpg`)).status).toBe(401);
    expectError(await askFor('staff', visitor), 'invalidAspect', 'invalidCredentials', 401);
  });
});
