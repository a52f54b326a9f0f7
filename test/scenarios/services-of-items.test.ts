import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import { quarters, startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';
import { checkCookieService1 } from '../specifications/auth-1.ts';
import { checkTokenError2 } from '../specifications/auth-2.ts';

const ACCESS = `accessServices:
  loan: { pattern: clickthrough, label: { en: [Lending desk of Example Library] }, perItem: true, note: Be careful. }
  card: { pattern: login, label: { en: [Reader’s card of Example Library] }, perItem: true }
  terms: { pattern: clickthrough, label: { en: [Terms of Example Library] }, note: { en: [For private study.], de: [Nur zum Lesen.] } }
policies:
  - items: [members/**, books/**]
    allow:
      - { service: loan, note: { en: [One reader at a time.], de: [Nur für eine Person.] }, confirmLabel: { en: [Borrow] } }
  - { items: curators/**, allow: [{ service: card }] }
  - { items: open/photo.jpg, allow: [{ service: terms, note: { en: [For the photographer only.] } }] }
  - { items: open/**, allow: [{ service: terms }] }
`;

let vitrine: TestVitrine;
beforeAll(async () => {
  vitrine = await startTestVitrine({ access: ACCESS });
  const leaf = await quarters(80, 60);
  const book = await sharp([leaf, leaf], { join: { animated: true } })
    .tiff()
    .toBuffer();
  await writeFile(join(vitrine.images, 'members/book.tif'), book);
});
afterAll(() => vitrine.close());

const LETTER = 'members%2Fletter.jpg';
const BOOK = 'members%2Fbook.tif';
const origin = `origin=${encodeURIComponent(VIEWER)}`;

interface Described {
  readonly '@id'?: string;
  readonly id?: string;
  readonly profile: string;
  readonly description?: string;
  readonly note?: unknown;
  readonly service?: readonly Described[];
}

async function servicesOf(visitor: TestVisitor, identifier: string, init: RequestInit = {}) {
  const response = await visitor.ask(`/iiif/3/${identifier}/info.json`, init);
  const { service = [] } = (await response.json()) as { service?: readonly Described[] };
  const [one, probe] = service;
  return { status: response.status, one, two: probe?.service?.[0] };
}

const pathOf = (uri: string | undefined) => (uri ?? '').slice(vitrine.base.length);
const picture = async (visitor: TestVisitor, identifier: string) => {
  const response = await visitor.ask(`/iiif/3/${identifier}/full/40,/0/default.jpg`);
  await response.arrayBuffer();
  return response.status;
};

describe('an access service for each item', () => {
  it('has addresses of its own in both specifications, none with a query', async () => {
    const { one, two } = await servicesOf(new TestVisitor(vitrine), LETTER);
    const ids = [one, ...(one?.service ?? []), two, ...(two?.service ?? [])].map((each) => pathOf(each?.['@id'] ?? each?.id));
    expect(ids).toEqual([
      '/auth/access/1/loan%2Fmembers%2Fletter.jpg',
      '/auth/token/1/loan%2Fmembers%2Fletter.jpg',
      '/auth/logout/1/loan%2Fmembers%2Fletter.jpg',
      '/auth/access/loan%2Fmembers%2Fletter.jpg',
      '/auth/token/2/loan%2Fmembers%2Fletter.jpg',
      '/auth/logout/loan%2Fmembers%2Fletter.jpg',
    ]);
    expect(checkCookieService1(one)).toEqual([]);
  });

  it('opens that item and no other, and ends for that item alone', async () => {
    const visitor = new TestVisitor(vitrine);
    const { one, two } = await servicesOf(visitor, LETTER);
    for (const path of [LETTER, BOOK]) expect(await picture(visitor, path)).toBe(401);
    await visitor.submit(`${pathOf(two?.id)}?${origin}`, { answer: 'agree' });
    expect([await picture(visitor, LETTER), await picture(visitor, BOOK)]).toEqual([200, 401]);
    await visitor.submit(`/auth/access/1/loan%2F${BOOK}?${origin}`, { answer: 'agree' });
    expect([await picture(visitor, LETTER), await picture(visitor, BOOK)]).toEqual([200, 200]);
    await visitor.ask(pathOf(one?.service?.[1]?.['@id']));
    expect([await picture(visitor, LETTER), await picture(visitor, BOOK)]).toEqual([401, 200]);
  });

  it('hands out tokens for that item alone, in both versions', async () => {
    const visitor = new TestVisitor(vitrine);
    await visitor.submit(`/auth/access/loan%2F${LETTER}?${origin}`, { answer: 'agree' });
    for (const version of [1, 2] as const) {
      const { message } = await visitor.token(version, `loan%2F${LETTER}`);
      const headers = { authorization: `Bearer ${message['accessToken']}`, origin: VIEWER };
      const stranger = new TestVisitor(vitrine);
      expect((await servicesOf(stranger, LETTER, { headers })).status).toBe(200);
      expect((await servicesOf(stranger, BOOK, { headers })).status).toBe(401);
    }
    expect((await visitor.token(2, `loan%2F${BOOK}`)).message).toMatchObject({ profile: 'invalidAspect' });
  });

  it('is one for all pages of a book', async () => {
    const visitor = new TestVisitor(vitrine);
    const page = await servicesOf(visitor, `${BOOK}%2F2`);
    expect(pathOf(page.two?.id)).toBe(`/auth/access/loan%2F${BOOK}`);
    await visitor.submit(`${pathOf(page.two?.id)}?${origin}`, { answer: 'agree' });
    expect([await picture(visitor, BOOK), await picture(visitor, `${BOOK}%2F2`)]).toEqual([200, 200]);
  });

  it.each([
    'loan',
    'loan%2Fmembers%2Fgone.jpg',
    `loan%2F${BOOK}%2F2`,
    'loan%2Fopen%2Fphoto.jpg',
    'terms%2Fopen%2Fphoto.jpg',
    'loan%2F..%2Fx',
  ])('is not there as %s', async (name) => {
    const visitor = new TestVisitor(vitrine);
    for (const path of [`/auth/access/${name}`, `/auth/access/1/${name}`, `/auth/logout/${name}`]) {
      expect([path, (await visitor.ask(path)).status]).toEqual([path, 404]);
    }
    const { message } = await visitor.token(2, name);
    expect(checkTokenError2(message)).toEqual([]);
    expect(message).toMatchObject({ profile: 'invalidRequest' });
    expect((await visitor.ask(`/auth/token/1/${name}`)).status).toBe(400);
  });

  it('asks somebody who is signed in for a click at each item, and no password', async () => {
    const visitor = new TestVisitor(vitrine);
    const path = `/auth/access/card%2Fcurators%2Fdiary.jpg?${origin}`;
    await visitor.submit('/sign-in', { user: 'reader', password: 'correct horse battery' });
    expect(await picture(visitor, 'curators%2Fdiary.jpg')).toBe(401);
    const page = await (await visitor.ask(path)).text();
    expect(page).toContain('value="continue"');
    expect(page).not.toContain('type="password"');
    await visitor.submit(path, { answer: 'continue' });
    expect(await picture(visitor, 'curators%2Fdiary.jpg')).toBe(200);
  });

  it('can be left when its item is gone', async () => {
    const visitor = new TestVisitor(vitrine);
    const copy = join(vitrine.images, 'members/short.png');
    await writeFile(copy, await quarters(8, 8));
    await visitor.submit(`/auth/access/loan%2Fmembers%2Fshort.png?${origin}`, { answer: 'agree' });
    await rm(copy);
    expect((await visitor.ask('/auth/logout/loan%2Fmembers%2Fshort.png')).status).toBe(200);
    expect([...visitor.cookies.keys()]).not.toContain('vitrine-access');
  });
});

describe('the texts of a rule', () => {
  it('stand in both specifications, the address of the service stays', async () => {
    const visitor = new TestVisitor(vitrine);
    const special = await servicesOf(visitor, 'open%2Fphoto.jpg');
    const plain = await servicesOf(visitor, 'open%2Fquarters.png', { headers: { 'accept-language': 'de' } });
    expect(special.one).toMatchObject({ '@id': plain.one?.['@id'], description: 'For the photographer only.' });
    expect(plain.one?.description).toBe('Nur zum Lesen.');
    expect([special.two?.id, special.two?.note]).toEqual([plain.two?.id, { en: ['For the photographer only.'] }]);
    expect(plain.two?.note).toEqual({ en: ['For private study.'], de: ['Nur zum Lesen.'] });
  });

  it('are on the page of a service for one item, and those of the service on a page that knows no item', async () => {
    const visitor = new TestVisitor(vitrine);
    const headers = { 'accept-language': 'de' };
    const loan = await (await visitor.ask(`/auth/access/loan%2F${LETTER}`, { headers })).text();
    expect(loan).toContain('Nur für eine Person.');
    expect(loan).not.toContain('Be careful.');
    const terms = await (await visitor.ask('/auth/access/terms')).text();
    expect(terms).toContain('For private study.');
  });

  it.each([2, 3])('are not lost to a reference in the manifest of a folder, version %i', async (version) => {
    const manifest = await (await new TestVisitor(vitrine).ask(`/presentation/${version}/open/manifest`)).text();
    expect(manifest.match(/"description": "For the photographer only\."/g)?.length ?? 0).toBeGreaterThan(0);
    expect(manifest.match(/"description": "For private study\."/g)).toHaveLength(1);
    expect(manifest).toContain('"note": {');
  });
});
