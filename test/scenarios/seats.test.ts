import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { PASSWORDS, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { checkProbeResult2 } from '../specifications/auth-2.ts';

const ACCESS = `accessServices:
  loan: { pattern: clickthrough, label: { en: [Loans of Example Library] }, perItem: true }
  room: { pattern: kiosk, label: { en: [Reading room of Example Library] }, networks: [127.0.0.0/8, "::1"], perItem: true }
  card: { pattern: login, label: { en: [Card of Example Library] }, perItem: true }
policies:
  - { items: terms/**, allow: [{ service: loan }], seats: 1, otherwise: [{ name: preview, maxSize: 200 }] }
  - { items: open/**, allow: [{ service: room }], seats: 1 }
  - { items: curators/**, allow: [{ service: loan }], seats: 2, whenLocked: { listed: false } }
  - { items: members/**, allow: [{ service: card, roles: [curator] }], seats: 1 }
`;
const MAP = 'terms%2Fmap.jpg';
const QUARTERS = 'open%2Fquarters.png';
const DIARY = 'curators%2Fdiary.jpg';
const LETTER = 'members%2Fletter.jpg';

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
});
afterAll(() => vitrine.close());

const windowOf = (service: string, item: string) => `/auth/access/${service}%2F${item}?origin=${encodeURIComponent(VIEWER)}`;
const waitingFor = (service: string, item: string) => `${windowOf(service, item)}&wait=1`;

/** Somebody who has agreed, and whose window has gone on. */
async function reader(item: string): Promise<{ who: TestVisitor; page: string; refresh: string | null }> {
  const who = new TestVisitor(vitrine);
  const sent = await who.submit(windowOf('loan', item), { answer: 'agree' });
  expect([sent.status, sent.headers.get('location')]).toEqual([303, expect.stringMatching(/&wait=1$/)]);
  const answer = await who.ask(sent.headers.get('location') ?? '');
  return { who, page: await answer.text(), refresh: answer.headers.get('refresh') };
}

const statusOf = async (who: TestVisitor, item: string, version: 2 | 3 = 3) =>
  (await who.ask(`/iiif/${version}/${item}/full/${version === 2 ? 'full' : 'max'}/0/default.jpg`)).status;
const probe = async (who: TestVisitor, item: string) => (await who.ask(`/auth/probe/${item}`)).json() as Promise<Record<string, unknown>>;
const signOut = (who: TestVisitor, item: string) => who.ask(`/auth/logout/loan%2F${item}`, { headers: { 'sec-fetch-dest': 'document' } });
const tokenOf = async (who: TestVisitor, version: 1 | 2) => (await who.token(version, `loan%2F${MAP}`)).message;
const TAKEN = 'All seats for this item are taken';

describe('an item with one seat', () => {
  it('lets one reader in, lets others wait in their order, and gives the seat on when the reader leaves', async () => {
    const first = await reader(MAP);
    expect(first.page).toContain('id="closing"');
    expect([await statusOf(first.who, MAP, 3), await statusOf(first.who, MAP, 2)]).toEqual([200, 200]);
    expect(await tokenOf(first.who, 1)).toMatchObject({ accessToken: expect.any(String) });

    const second = await reader(MAP);
    expect([second.refresh, second.page]).toEqual(['10', expect.stringContaining('You are the next one to get a seat.')]);
    const third = await reader(MAP);
    expect(third.page).toContain('Your place in the queue: 2');

    expect([await statusOf(second.who, MAP, 3), await statusOf(second.who, MAP, 2)]).toEqual([401, 401]);
    const result = await probe(second.who, MAP);
    expect(checkProbeResult2(result)).toEqual([]);
    expect(result).toMatchObject({ status: 401, heading: { en: [TAKEN], de: ['Alle Plätze für dieses Objekt sind belegt'] } });
    expect(result['substitute']).toEqual([expect.objectContaining({ id: expect.stringMatching(/~preview/) })]);
    expect(await tokenOf(second.who, 1)).toMatchObject({
      error: 'unavailable',
      description: expect.stringMatching(/Readers at once .*: 1\. Open the access window/),
    });
    expect(await tokenOf(second.who, 2)).toMatchObject({
      profile: 'unavailable',
      heading: { en: [TAKEN] },
    });
    expect(await (await second.who.ask('/browse/terms')).text()).toContain('readers at once: 1');

    await signOut(first.who, MAP);
    expect(await statusOf(first.who, MAP)).toBe(401);
    const passing = await reader(MAP);
    expect(passing.page).toContain('Your place in the queue: 3');
    expect(await (await third.who.ask(waitingFor('loan', MAP))).text()).toContain('Your place in the queue: 2');
    expect(await (await second.who.ask(waitingFor('loan', MAP))).text()).toContain('id="closing"');
    expect([await statusOf(second.who, MAP), await statusOf(third.who, MAP)]).toEqual([200, 401]);
  });

  it('counts those who came by address, once their window has opened a session', async () => {
    const first = new TestVisitor(vitrine);
    const second = new TestVisitor(vitrine);
    expect(await statusOf(first, QUARTERS)).toBe(401);
    for (const who of [first, second]) await who.ask(windowOf('room', QUARTERS), { headers: { 'sec-fetch-dest': 'document' } });
    expect(await (await first.ask(waitingFor('room', QUARTERS))).text()).toContain('id="closing"');
    expect((await second.ask(waitingFor('room', QUARTERS))).headers.get('refresh')).toBe('10');
    expect([await statusOf(first, QUARTERS), await statusOf(second, QUARTERS)]).toEqual([200, 401]);
    expect((await first.ask(`/iiif/2/${QUARTERS}/info.json`)).status).toBe(200);
    const document = await second.ask(`/iiif/2/${QUARTERS}/info.json`);
    expect([document.status, await document.text()]).toEqual([401, expect.stringMatching(new RegExp(`"failureHeader": ?"${TAKEN}"`))]);
  });

  it('gives none to whoever may not see it, seat or not', async () => {
    const stranger = new TestVisitor(vitrine);
    await stranger.submit(windowOf('card', LETTER), { user: 'reader', password: PASSWORDS.reader });
    const who = new TestVisitor(vitrine);
    await who.submit(windowOf('card', LETTER), { user: 'curator', password: PASSWORDS.curator });
    expect((await probe(who, LETTER))['status']).toBe(200);
    expect(await statusOf(who, LETTER)).toBe(200);
    expect(await (await stranger.ask(waitingFor('card', LETTER))).text()).not.toContain('queue');
    expect(await statusOf(stranger, LETTER)).toBe(401);
  });
});

describe('an item with two seats', () => {
  it('never has three readers, however many ask at once, and tells them all what they wait for', async () => {
    const people = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const who = new TestVisitor(vitrine);
        await who.submit(windowOf('loan', DIARY), { answer: 'agree' });
        return who;
      }),
    );
    const found = await Promise.all(people.flatMap((who) => [statusOf(who, DIARY), statusOf(who, DIARY, 2)]));
    expect(found.filter((status) => status === 200)).toHaveLength(4);
    expect(found.filter((status) => status === 401)).toHaveLength(12);
    const listed = await Promise.all(people.map(async (who) => (await who.ask('/browse/curators')).text()));
    expect(listed.every((page) => page.includes('diary'))).toBe(true);
  });
});
