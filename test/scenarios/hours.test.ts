import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { checkProbeResult2 } from '../specifications/auth-2.ts';

/** A quarter of an hour, some hours from now: whoever asks now comes too early, whatever the time of day. */
const hour = String((new Date().getUTCHours() + 5) % 24).padStart(2, '0');
const LATER = `{ zone: UTC, monday-sunday: "${hour}:00-${hour}:15" }`;
const ALWAYS = '{ zone: Europe/Berlin, monday-sunday: 00:00-24:00 }';

const ACCESS = `accessServices:
  members: { pattern: login, label: { en: [Sign in to Example Library] }, hours: ${ALWAYS} }
  terms: { pattern: clickthrough, label: { en: [Terms of Example Library] }, hours: ${LATER} }
  room: { pattern: kiosk, label: { en: [Reading room of Example Library] }, networks: [127.0.0.0/8, "::1"], hours: ${LATER} }
  desk: { pattern: kiosk, label: { en: [Desk of Example Library] }, networks: [127.0.0.0/8, "::1"] }
  away: { pattern: kiosk, label: { en: [Branch of Example Library] }, networks: [192.0.2.0/24] }
policies:
  - { items: open/**, allow: [{ service: room }] }
  - { items: members/letter.jpg, allow: [{ service: members, roles: [curator], at: desk }] }
  - { items: members/**, allow: [{ service: members, at: away }] }
  - { items: curators/**, allow: [{ service: members, roles: [curator], at: room }] }
  - { items: terms/**, allow: [{ service: terms }] }
`;
const ROOM = 'open%2Fquarters.png';
const TERMS = 'terms%2Fmap.jpg';
const AT_DESK = 'members%2Fletter.jpg';
const AWAY = 'members%2Fpyramid.tif';
const AT_ROOM = 'curators%2Fdiary.jpg';

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
});
afterAll(() => vitrine.close());

const visitor = () => new TestVisitor(vitrine);
const NEXT = new RegExp(`It opens again on \\w+day,? \\d+ \\w+ \\d{4}, ${hour}:00 \\(UTC\\)`);

async function curator(): Promise<TestVisitor> {
  const who = visitor();
  await who.signIn('curator');
  return who;
}

const probe = async (identifier: string, who = visitor()) =>
  (await who.ask(`/auth/probe/${identifier}`)).json() as Promise<Record<string, unknown>>;

describe('a service outside its opening hours', () => {
  it.each([`/iiif/3/${ROOM}`, `/iiif/2/${ROOM}`, `/iiif/3/${TERMS}`, `/iiif/2/${TERMS}`])(
    'opens nothing, wherever one is: %s',
    async (base) => {
      const size = base.startsWith('/iiif/2') ? 'full' : 'max';
      expect((await visitor().ask(`${base}/full/${size}/0/default.jpg`)).status).toBe(401);
      expect((await visitor().ask(`${base}/info.json`)).status).toBe(401);
    },
  );

  it('says in its description, in both specifications, when it opens next', async () => {
    const document = await (await visitor().ask(`/iiif/2/${ROOM}/info.json`)).text();
    expect(document).toMatch(NEXT);
    const { service } = JSON.parse(document) as { service: { failureHeader?: string; failureDescription?: string }[] };
    expect(service[0]).toMatchObject({ failureHeader: 'This is closed at this hour', failureDescription: expect.stringMatching(NEXT) });
    expect(await (await visitor().ask(`/iiif/3/${TERMS}/info.json`)).text()).toMatch(NEXT);
  });

  it('has a probe that says when to come, in every language', async () => {
    const result = await probe(TERMS);
    expect(checkProbeResult2(result)).toEqual([]);
    expect(result).toMatchObject({
      status: 401,
      heading: { en: ['This is closed at this hour'], de: ['Um diese Zeit ist geschlossen'], fr: ['C’est fermé à cette heure'] },
      note: { en: [expect.stringMatching(NEXT)] },
    });
  });

  it.each(['terms', 'room'])('has a window that says so, and takes nothing: %s', async (service) => {
    const page = await visitor().ask(`/auth/access/${service}?origin=${encodeURIComponent(VIEWER)}`);
    expect([page.status, await page.text()]).toEqual([403, expect.stringMatching(NEXT)]);
    const sent = await visitor().ask(`/auth/access/${service}`, { method: 'POST', body: new URLSearchParams({ answer: 'agree' }) });
    expect(sent.status).not.toBe(200);
    expect(sent.headers.getSetCookie()).toEqual([]);
  });

  it.each([1, 2] as const)('has a token service that says so, in version %i', async (version) => {
    const { message } = await visitor().token(version, 'room');
    expect(JSON.stringify(message)).toMatch(NEXT);
    expect(message).toMatchObject(version === 1 ? { error: 'unavailable' } : { profile: 'unavailable' });
  });

  it('says on our own pages when it opens', async () => {
    expect(await (await visitor().ask('/browse/terms')).text()).toMatch(
      new RegExp(`opens on \\w+day,? \\d+ \\w+ \\d{4}, ${hour}:00 \\(UTC\\)`),
    );
  });
});

describe('a service within its opening hours', () => {
  it('opens, and its token ends no later than it does', async () => {
    const reader = await curator();
    const { message } = await reader.token(2, 'members');
    expect(message).toMatchObject({ type: 'AuthAccessToken2' });
  });
});

describe('a rule with a place besides', () => {
  it('opens to whoever signed in and is there, by cookie and by token of either specification', async () => {
    const reader = await curator();
    expect((await reader.ask(`/iiif/3/${AT_DESK}/full/max/0/default.jpg`)).status).toBe(200);
    expect((await reader.ask(`/iiif/2/${AT_DESK}/full/full/0/default.jpg`)).status).toBe(200);
    for (const version of [1, 2] as const) {
      const { message } = await reader.token(version, 'members');
      const headers = { authorization: `Bearer ${String(message['accessToken'])}`, origin: VIEWER };
      expect((await visitor().ask(`/iiif/3/${AT_DESK}/info.json`, { headers })).status).toBe(200);
    }
  });

  it('does not open to whoever is there and has not signed in, or lacks the role', async () => {
    expect(await probe(AT_DESK)).toMatchObject({ status: 401, heading: { en: ['This item needs access'] } });
    const reader = visitor();
    await reader.signIn('reader');
    expect(await probe(AT_DESK, reader)).toMatchObject({ status: 401, heading: { en: ['Your account does not open this item'] } });
  });

  it('does not open to whoever signed in and is elsewhere, and says so instead of asking for a sign-in', async () => {
    const reader = await curator();
    expect((await reader.ask(`/iiif/3/${AWAY}/full/max/0/default.jpg`)).status).toBe(401);
    expect(await probe(AWAY, reader)).toMatchObject({ status: 401, heading: { en: ['This item opens elsewhere'] } });
    expect(await probe(AWAY)).toMatchObject({ status: 401, heading: { en: ['This item opens elsewhere'] } });
  });

  it('does not open while the place is closed', async () => {
    const reader = await curator();
    expect((await reader.ask(`/iiif/2/${AT_ROOM}/full/full/0/default.jpg`)).status).toBe(401);
    expect(await probe(AT_ROOM, reader)).toMatchObject({ status: 401, note: { en: [expect.stringMatching(NEXT)] } });
  });
});
