import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { LAB_CASES } from '../../src/lab/cases.ts';
import { startTestLab, type TestLab } from '../harness/lab.ts';
import { readTokenPage, TestVisitor, VIEWER } from '../harness/visitor.ts';
import { readWithManifesto, readWithParser } from '../presentation/read-document.ts';
import { walkDocuments } from '../presentation/walk-documents.ts';

/** `/lab/cases.json`, as far as this test reads it: a program that knows nothing else of the lab. */
interface Document {
  readonly accounts: ReadonlyArray<{ readonly user: string; readonly password: string }>;
  readonly cases: readonly Case[];
}

interface Case {
  readonly id: string;
  readonly page: string;
  readonly manifests: { readonly '2.1': string | null; readonly '3.0': string } | null;
  readonly accessServices: readonly Service[];
  readonly items: readonly Item[];
  readonly tokenRequests: ReadonlyArray<{
    readonly token: Versions;
    readonly visitor: Who;
    readonly afterMinutes: number;
    readonly messageId: boolean;
    readonly origin: 'own' | 'other' | 'malformed' | 'missing';
    readonly expected: { readonly '1.0': string | null; readonly '2.0': string | null };
  }>;
}

type Versions = { readonly '1.0': string; readonly '2.0': string };

interface Service {
  readonly name: string;
  readonly pattern: 'login' | 'clickthrough' | 'kiosk' | 'external';
  readonly access: Versions;
  readonly token: Versions;
}

interface Item {
  readonly identifier: string;
  readonly kind: string | null;
  readonly imageServices: { readonly '2.1': string; readonly '3.0': string } | null;
  readonly content: string;
  readonly probe: string;
  readonly expected: ReadonlyArray<{
    readonly visitor: Who;
    readonly probe: number;
    readonly information: number | null;
    readonly content: number;
    readonly substitutes: number;
  }>;
}

interface Who {
  readonly account: string | null;
  readonly signedIn: boolean;
  readonly services: readonly string[];
}

const OTHER_VIEWER = 'https://elsewhere.example';

let lab: TestLab;
let document: Document;

beforeAll(async () => {
  lab = await startTestLab();
  document = JSON.parse(await (await fetch(`${lab.base}/lab/cases.json`)).text());
}, 60_000);

afterEach(() => vi.useRealTimers());
afterAll(() => lab?.close());

function caseOf(id: string): Case {
  const found = document.cases.find((each) => each.id === id);
  if (found === undefined) throw new Error(`cases.json has no case ${id}`);
  return found;
}

/** Makes a visitor of the kind that an expectation is about, step by step as a person would. */
async function become(who: Who, of: Case): Promise<TestVisitor> {
  const visitor = new TestVisitor(lab);
  const password = document.accounts.find(({ user }) => user === who.account)?.password ?? '';
  if (who.signedIn) await visitor.submit('/sign-in', { user: who.account ?? '', password });
  for (const name of who.services) {
    const service = of.accessServices.find((each) => each.name === name);
    const path = `${pathOf(service?.access['2.0'] ?? '')}?origin=${encodeURIComponent(VIEWER)}`;
    if (service?.pattern === 'login') await visitor.submit(path, { user: who.account ?? '', password });
    else if (service?.pattern === 'clickthrough') await visitor.submit(path, { answer: 'agree' });
    else await visitor.ask(path);
  }
  return visitor;
}

function pathOf(uri: string): string {
  return uri.slice(lab.base.length);
}

/** Every token that a viewer gets for the services of the case; none is a token too. */
async function tokensOf(visitor: TestVisitor, of: Case): Promise<readonly (string | null)[]> {
  const tokens: (string | null)[] = [null];
  for (const { token } of of.accessServices) {
    const { message } = readTokenPage(
      await (await visitor.ask(`${pathOf(token['2.0'])}?messageId=1&origin=${encodeURIComponent(VIEWER)}`)).text(),
    );
    if (typeof message['accessToken'] === 'string') tokens.push(message['accessToken']);
  }
  return tokens;
}

interface Met {
  readonly visitor: TestVisitor;
  readonly tokens: readonly (string | null)[];
}

/** The same visitor for all items of a case: the token service holds those back who fail again and again. */
function meetOnce(of: Case): (who: Who) => Promise<Met> {
  const met = new Map<string, Met>();
  return async (who) => {
    const key = JSON.stringify(who);
    const known = met.get(key);
    if (known !== undefined) return known;
    const visitor = await become(who, of);
    const meeting = { visitor, tokens: await tokensOf(visitor, of) };
    met.set(key, meeting);
    return meeting;
  };
}

function bearer(token: string | null): Record<string, string> {
  return { origin: VIEWER, ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
}

interface Seen {
  readonly probe: number;
  readonly information: number | null;
  readonly substitutes: number;
}

/** As viewers ask: with a token and without a cookie. Of several tokens the one that opens most. */
async function see(item: Item, tokens: readonly (string | null)[]): Promise<Seen> {
  const seen: Seen[] = [];
  for (const token of tokens) {
    const headers = bearer(token);
    const probe = await fetch(item.probe, { headers });
    const { status, substitute = [] } = JSON.parse(await probe.text()) as { status: number; substitute?: unknown[] };
    expect([item.identifier, probe.status]).toEqual([item.identifier, 200]);
    const information = await Promise.all(
      Object.values(item.imageServices ?? {}).map(async (uri) => (await fetch(`${uri}/info.json`, { headers, redirect: 'manual' })).status),
    );
    expect(new Set(information).size).toBeLessThan(2);
    if (item.kind !== 'image' && item.kind !== null) {
      const head = await fetch(item.content, { method: 'HEAD', headers, redirect: 'manual' });
      // To its own probe a file of a location says that it is there; one with a lower tier sends viewers on.
      const expected = status === 302 ? [200] : status === 401 ? [401, 302] : [status];
      expect([item.identifier, expected]).toEqual([item.identifier, expect.arrayContaining([head.status])]);
    }
    seen.push({ probe: status, information: information[0] ?? null, substitutes: substitute.length });
  }
  const best = seen.toSorted(
    (a, b) => a.probe - b.probe || b.substitutes - a.substitutes || (a.information ?? 0) - (b.information ?? 0),
  )[0];
  if (best === undefined) throw new Error('nothing was asked');
  return best;
}

describe.each(LAB_CASES.map(({ id }) => id))('the case %s', (id) => {
  it('answers every item to every visitor as it says', async () => {
    const of = caseOf(id);
    const meet = meetOnce(of);
    for (const item of of.items) {
      for (const expected of item.expected) {
        const { visitor: who, ...statuses } = expected;
        const { visitor, tokens } = await meet(who);
        const seen = await see(item, tokens);
        const content = await visitor.ask(pathOf(item.content));
        await content.arrayBuffer();
        expect([item.identifier, who, { ...seen, content: content.status }]).toEqual([item.identifier, who, statuses]);
      }
    }
  });

  it('says what it says of access tokens, in both specifications', async () => {
    const of = caseOf(id);
    for (const { token, visitor: who, afterMinutes, messageId, origin, expected } of of.tokenRequests) {
      const visitor = await become(who, of);
      if (afterMinutes > 0) {
        vi.useFakeTimers({ toFake: ['Date'] });
        vi.setSystemTime(Date.now() + afterMinutes * 60_000);
      }
      const query = new URLSearchParams();
      if (messageId) query.set('messageId', 'a message');
      const origins = { own: VIEWER, other: OTHER_VIEWER, malformed: 'not an origin', missing: null };
      const asked = origins[origin];
      if (asked !== null) query.set('origin', asked);
      const said = async (version: '1.0' | '2.0') =>
        readTokenPage(await (await visitor.ask(`${pathOf(token[version])}?${query}`)).text()).message;
      const [one, two] = [await said('1.0'), await said('2.0')];
      expect([one['error'] ?? null, two['profile'] ?? null]).toEqual([expected['1.0'], expected['2.0']]);
      for (const message of [one, two]) expect(typeof message['accessToken']).toBe(expected['2.0'] === null ? 'string' : 'undefined');
    }
  });

  it('has a page, and manifests that parsers read', async () => {
    const of = caseOf(id);
    const page = await fetch(of.page, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const uri of Object.values(of.manifests ?? {})) {
      if (uri === null) continue;
      const response = await fetch(uri);
      expect([uri, response.status]).toEqual([uri, 200]);
      const manifest = JSON.parse(await response.text());
      const read = readWithParser(manifest);
      expect(readWithManifesto(manifest)).toMatchObject({ id: uri, items: read.items });
      expect(read.items.length).toBeGreaterThan(0);
    }
  });
});

describe('the lab as collections', () => {
  it.each([2, 3] as const)('leads to sound manifests of version %s for every case that has some', async (version) => {
    const seen = (await walkDocuments(lab.base, version)).map(({ uri }) => uri);
    const wanted = document.cases.map(({ manifests }) => manifests?.[version === 2 ? '2.1' : '3.0'] ?? null);
    expect(seen).toEqual(expect.arrayContaining(wanted.filter((uri) => uri?.includes('/manifests/'))));
    expect(seen.length).toBeGreaterThan(40);
  });
});

describe('what the cases promise besides statuses', () => {
  it('probe-403-embargo: the result has the date', async () => {
    const [item] = caseOf('probe-403-embargo').items;
    const { note, heading } = JSON.parse(await (await fetch(item?.probe ?? '')).text());
    expect(JSON.stringify([heading, note])).toContain('2099');
  });

  it('other-texts: each picture has a note of its own, and both have one service', async () => {
    const services = await Promise.all(
      caseOf('other-texts').items.map(async (item) => {
        const information = JSON.parse(await (await fetch(`${item.imageServices?.['3.0']}/info.json`)).text());
        const probe = information.service.find(({ type }: { type: string }) => type === 'AuthProbeService2');
        return probe.service[0];
      }),
    );
    expect(services.map(({ note }) => note.en)).toEqual([['This drawing may be printed.'], ['This page may only be read.']]);
    expect(new Set(services.map(({ id }) => id)).size).toBe(1);
  });

  it('probe-302: the location opens without a cookie, and the item itself does not', async () => {
    const of = caseOf('probe-302');
    for (const item of of.items) {
      const tokens = await tokensOf(await become({ account: 'reader', signedIn: false, services: ['lab-probe-302'] }, of), of);
      const { location } = JSON.parse(await (await fetch(item.probe, { headers: bearer(tokens.at(-1) ?? null) })).text());
      const opened = await fetch(location.id, { headers: { origin: VIEWER } });
      await opened.arrayBuffer();
      expect([opened.status, (await fetch(item.content)).status]).toEqual([200, 401]);
    }
  });

  it('two-probes: its manifest has two probe services on one film, and each has an access service', async () => {
    const manifest = JSON.parse(await (await fetch(caseOf('two-probes').manifests?.['3.0'] ?? '')).text());
    const { body } = manifest.items[0].items[0].items[0];
    expect(body.service.map(({ type, service }: { type: string; service: unknown[] }) => [type, service.length])).toEqual([
      ['AuthProbeService2', 1],
      ['AuthProbeService2', 1],
    ]);
    for (const { id } of body.service) expect(caseOf('two-probes').items.map(({ probe }) => probe)).toContain(id);
  });

  it('from-hell: its manifest has services on what is locked, and none on what is open, closed or missing', async () => {
    const of = caseOf('from-hell');
    const manifest = JSON.parse(await (await fetch(of.manifests?.['3.0'] ?? '')).text());
    const bodies = manifest.items.map((canvas: { items: [{ items: [{ body: unknown }] }] }) => canvas.items[0].items[0].body);
    const withProbe = [...bodies, ...manifest.rendering].filter((body: unknown) => JSON.stringify(body).includes('AuthProbeService2'));
    const locked = of.items.filter(({ expected }) => expected[0]?.probe === 401).map(({ identifier }) => encodeURIComponent(identifier));
    expect(withProbe).toHaveLength(locked.length);
    for (const body of withProbe) expect(locked.some((path) => JSON.stringify(body).includes(`/auth/probe/${path}`))).toBe(true);
  });

  it('choice: its bodies are a choice in both versions', async () => {
    const { manifests } = caseOf('choice');
    const three = JSON.parse(await (await fetch(manifests?.['3.0'] ?? '')).text());
    const two = JSON.parse(await (await fetch(manifests?.['2.1'] ?? '')).text());
    expect(three.items[0].items[0].items[0].body).toMatchObject({ type: 'Choice', items: [{}, {}, {}] });
    expect(two.sequences[0].canvases[0].images[0].resource).toMatchObject({ '@type': 'oa:Choice', item: [{}, {}] });
  });
});

describe('the lab as a whole', () => {
  it('is a list of sources for test clients, each with id, label and type', async () => {
    const response = await fetch(`${lab.base}/index.json`, { headers: { origin: VIEWER } });
    expect(response.headers.get('access-control-allow-origin')).toBe(VIEWER);
    const sources = JSON.parse(await response.text()) as ReadonlyArray<Record<string, unknown>>;
    const items = document.cases.flatMap((each) => each.items).filter(({ identifier }) => !identifier.includes('/~'));
    expect(sources).toHaveLength(items.length);
    for (const { id, label, type } of sources) expect([typeof id, typeof label, typeof type]).toEqual(['string', 'string', 'string']);
    expect(sources.find(({ id }) => String(id).endsWith('film-locked%2Fvoyage.mp4'))).toMatchObject({
      type: 'Video',
      format: 'video/mp4',
      service: [{ profile: 'http://iiif.io/api/auth/1/login', service: [{ profile: 'http://iiif.io/api/auth/1/token' }, {}] }],
    });
    expect(sources.find(({ id }) => String(id).endsWith('iiif/2/lab%2Flogin%2Fledger.jpg'))).toMatchObject({ type: 'ImageService2' });
  });

  it('is a collection in the root collection, and a page that links every case', async () => {
    const root = JSON.parse(await (await fetch(`${lab.base}/presentation/3/collection`)).text());
    expect(root.items.map(({ id }: { id: string }) => id)).toContain(`${lab.base}/presentation/3/lab/collection`);
    const page = await (await fetch(`${lab.base}/lab`)).text();
    for (const { id } of document.cases) expect(page).toContain(`href="/lab/${id}"`);
  });

  it('answers 404 for a case that is not there', async () => {
    expect((await fetch(`${lab.base}/lab/no-such-case`)).status).toBe(404);
  });
});
