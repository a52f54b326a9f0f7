import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessModel, AccessService, Policy, Tier } from '../../src/domain/access.ts';
import { itemServiceName } from '../../src/domain/item-service.ts';
import { type OpenedSession, openSession } from '../../src/flows/open-session.ts';
import { createRenderLanes } from '../../src/flows/render-lanes.ts';
import { createAccess } from '../../src/http/access-handlers.ts';
import type { Handler, Reply } from '../../src/http/exchange.ts';
import { createImageApi } from '../../src/http/image-api.ts';
import { createSignedHandlers } from '../../src/http/signed-paths.ts';
import { type Network, parseNetwork } from '../../src/lib/network.ts';
import { cookiesOf, fakePeople, IMAGES, VIEWER } from '../fakes/access.ts';
import { FakeBrowser, OWN_ORIGIN, readMessage } from '../fakes/browser.ts';
import { FakeClock } from '../fakes/stores.ts';
import { PLAIN_TIER } from '../fakes/tier.ts';

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if ('mistake' in parsed) throw new Error(parsed.mistake);
  return parsed;
}

function service(
  name: string,
  pattern: AccessService['pattern'],
  networks: readonly string[] = [],
  more: Partial<AccessService> = {},
): AccessService {
  const none = { heading: null, note: null, confirmLabel: null, errorHeading: null, errorNote: null };
  return { name, pattern, networks: networks.map(network), label: { en: [`Service ${name}`] }, ...none, ...more };
}

const SERVICES = [
  service('members', 'login'),
  service('terms', 'clickthrough'),
  service('room', 'kiosk', ['192.0.2.0/28', '2001:db8::/32']),
  service('exhibit', 'kiosk'),
  service('campus', 'external', ['192.0.2.0/24']),
  service('site', 'external'),
  service('card', 'login', [], { perItem: true, minutes: 60 }),
  service('loan', 'clickthrough', [], { perItem: true }),
  service('hour', 'clickthrough', [], { minutes: 60 }),
  service('desk', 'kiosk', ['192.0.2.0/24'], { perItem: true }),
] as const;
const NAMES = SERVICES.map(({ name }) => name);

/** Of one for each item the name that belongs to this one. */
function nameAt(name: string, path: string): string {
  return SERVICES.find((each) => each.name === name)?.perItem === true ? itemServiceName(name, path) : name;
}

const PATHS = ['a/x.tif', 'a/y.tif', 'b/z.tif', 'missing.tif'];
const TIERS = ['', '', '/~low', '/~mid'];

const rules = fc.uniqueArray(
  fc.record({
    service: fc.constantFrom(...NAMES),
    roles: fc.constantFrom<string[][]>([], [], ['reader'], ['curator', 'reader']),
  }),
  { minLength: 1, maxLength: 3, selector: ({ service: name }) => name },
);

/** A few tiers under two names: computed ones and other items, some of which are missing; for all, or for some. */
const tiers: fc.Arbitrary<readonly Tier[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('low', 'mid'),
      for: fc.oneof(fc.constant('everyone' as const), rules, rules),
      item: fc.constantFrom(null, null, 'small/{path}', 'missing/{path}'),
      maxSize: fc.constantFrom(1, 100),
    }),
    { maxLength: 2, selector: ({ name }) => name },
  )
  .map((list) => list.map((tier) => ({ ...PLAIN_TIER, ...tier })));

const policies: fc.Arbitrary<readonly Policy[]> = fc
  .array(
    fc.record({
      items: fc.subarray(['a/**', 'a/x.tif', 'b/*', '**'], { minLength: 1 }),
      allow: fc.oneof({ weight: 1, arbitrary: fc.constantFrom<Policy['allow']>('everyone', []) }, { weight: 4, arbitrary: rules }),
      otherwise: tiers,
      embargo: fc.option(fc.record({ daysLeft: fc.constantFrom(-1, 1), allow: fc.oneof(fc.constant([]), rules) }), { freq: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((list) =>
    list.map(({ embargo, ...policy }, index) => {
      const until = embargo === null ? null : new Date(new FakeClock().now().getTime() + embargo.daysLeft * 86_400_000);
      const closed = embargo === null || until === null ? {} : { embargo: { until, allow: embargo.allow } };
      return { ...policy, ...closed, number: index + 1, line: index + 1 };
    }),
  );

const visitors = fc.record({
  address: fc.constantFrom('192.0.2.7', '192.0.2.200', '2001:db8::9', '203.0.113.5', ''),
  session: fc.constantFrom('none', 'anonymous', 'ada', 'grace'),
  grants: fc.subarray(NAMES),
  /** Whether what counts for an hour was got before that. */
  longAgo: fc.boolean(),
});
type Person = typeof visitors extends fc.Arbitrary<infer T> ? T : never;

/** Everything over fakes, with the policies given. */
function start(given: readonly Policy[]) {
  const people = fakePeople();
  const access: AccessModel = { enforced: true, services: new Map(SERVICES.map((each) => [each.name, each])), policies: given };
  const parts = { ...people, access: () => access, slashSubstitute: null };
  const { handlers, recognise } = createAccess({ ...parts, signingKey: 'key', cookiePath: '/', wait: async () => {} });
  const lane = { concurrency: 1, waiting: 10, waitSeconds: 10 };
  const imageDeps = {
    ...parts,
    recognise,
    images: { ...IMAGES, render: async () => new Uint8Array([1]) },
    cache: { get: async () => null, put: async () => {} },
    lanes: createRenderLanes({ small: lane, big: lane }),
    limits: { maxWidth: 1000, maxHeight: 1000, maxArea: 1_000_000, maxUpscale: 1, sizeAboveFull: false },
    rendering: '',
    digest: people.randomness.hash,
    lockedInformationStatus: 401 as const,
    signedBase: () => null,
    now: () => people.clock.now(),
  };
  const signing = { ...parts, signedPaths: { origins: new Set([VIEWER]), minutes: 60 } };
  const withoutCookies = createAccess({ ...signing, signingKey: 'key', cookiePath: '/', wait: async () => {} });
  const media = { ...imageDeps, files: NO_FILES, streams: NO_FILES };
  return {
    people,
    handlers,
    images: { 2: createImageApi(2, imageDeps), 3: createImageApi(3, imageDeps) },
    withoutCookies: {
      probe: withoutCookies.handlers.probeService,
      images: { 2: createImageApi(2, { ...imageDeps, signedBase: withoutCookies.signed.baseFor }) },
      ...createSignedHandlers(withoutCookies.signed, imageDeps, media),
    },
  };
}

const NO_FILES = {
  findPart: async () => null,
  read: () => {
    throw new Error('there are only pictures here');
  },
};

type Started = ReturnType<typeof start>;

/** What the person has been given: for the viewer, as the access services do it, or for ourselves at a kiosk. */
async function openFor({ people }: Started, person: Person, path: string): Promise<OpenedSession | null> {
  if (person.session === 'none') return null;
  const user = await people.users.find(person.session);
  const grants = person.grants.map((name) => ({
    service: nameAt(name, path),
    origin: ['exhibit', 'room', 'desk'].includes(name) ? OWN_ORIGIN : VIEWER,
    grantedAt: new Date(people.clock.now().getTime() - (person.longAgo ? 60 : 59) * 60_000),
  }));
  return (await openSession(people, user, grants)).opened;
}

interface Answers {
  readonly picture: readonly number[];
  /** Of the documents and the probe; a document that sends to a tier denies the item, as the probe does. */
  readonly described: readonly unknown[];
  readonly substitutes: readonly Substitute[];
  readonly isPublic: boolean;
}

interface Substitute {
  readonly identifier: string;
  readonly isLocked: boolean;
}

async function ask({ handlers, images }: Started, browser: FakeBrowser, path: string, token: string | null = null): Promise<Answers> {
  const identifier = encodeURIComponent(path);
  const headers = token === null ? {} : { authorization: `Bearer ${token}`, origin: VIEWER };
  const get = (handler: Handler, rest: string): Promise<Reply> =>
    browser.get(handler, { params: { rest: `${identifier}/${rest}`, identifier }, headers });
  const picture2 = await get(images[2], 'full/full/0/default.jpg');
  const picture3 = await get(images[3], 'full/max/0/default.jpg');
  const probe = JSON.parse(String((await get(handlers.probeService, '')).body)) as { status: number; substitute?: object[] };
  const documents = [await get(images[2], 'info.json'), await get(images[3], 'info.json')];
  const all = [picture2, picture3, ...documents];
  const substitutes = (probe.substitute ?? []).map(readSubstitute);
  for (const document of documents) expect(sentTo(document)).toBe(tierToSee(probe.status, substitutes));
  return {
    picture: [picture2.status, picture3.status],
    described: [...documents.map(({ status }) => (status === 302 ? probe.status : status)), probe.status],
    substitutes,
    isPublic: all.some(({ headers: sent }) => String(sent['cache-control']).startsWith('public')),
  };
}

function readSubstitute(value: object): Substitute {
  const { id, service } = value as { id: string; service: { type?: string }[] };
  return { identifier: identifierIn(id), isLocked: service.some(({ type }) => type === 'AuthProbeService2') };
}

/** Of an image or an information document. */
function identifierIn(uri: string): string {
  return decodeURIComponent(/\/iiif\/[23]\/([^/]+)\//.exec(uri)?.[1] ?? '');
}

function sentTo({ status, headers }: Reply): string | null {
  return status === 302 ? identifierIn(String(headers['location'])) : null;
}

/** Where a document sends: to the best tier that is open; where nobody may see the item, to the best that can be unlocked. */
function tierToSee(status: number, substitutes: readonly Substitute[]): string | null {
  const open = substitutes.find(({ isLocked }) => !isLocked);
  return (open ?? (status === 403 ? substitutes[0] : undefined))?.identifier ?? null;
}

/** The tokens that the two specifications' services hand over to the viewer. */
async function tokensOf({ handlers }: Started, browser: FakeBrowser, name: string): Promise<ReadonlyArray<string | null>> {
  const tokens: (string | null)[] = [];
  for (const handler of [handlers.tokenService1, handlers.tokenService2]) {
    const reply = await browser.get(handler, { params: { service: encodeURIComponent(name) }, query: { messageId: '1', origin: VIEWER } });
    const { accessToken } = readMessage(reply).message;
    tokens.push(typeof accessToken === 'string' ? accessToken : null);
  }
  return tokens;
}

/** What a viewer that may have content without cookies is told by a token, and what it then gets; null where it is told nothing. */
async function askWithoutCookies({ withoutCookies }: Started, browser: FakeBrowser, path: string, token: string) {
  const identifier = encodeURIComponent(path);
  const byToken = (handler: Handler) =>
    browser.get(handler, {
      params: { rest: `${identifier}/info.json`, identifier },
      headers: { authorization: `Bearer ${token}`, origin: VIEWER },
    });
  const { location } = JSON.parse(String((await byToken(withoutCookies.probe)).body)) as { location?: { id: string } };
  const { body } = await byToken(withoutCookies.images[2]);
  // One that sends to a tier has no body.
  const document = body === null ? {} : (JSON.parse(String(body)) as { '@id'?: string });
  const capabilities = [location?.id, document['@id']].map((id) => /\/signed\/([^/]+)\//.exec(id ?? '')?.[1] ?? null);
  expect(capabilities[0]).toBe(capabilities[1]);
  const [capability] = capabilities;
  if (capability === null || capability === undefined) return null;
  const get = async (handler: Handler, rest: string) =>
    (await browser.get(handler, { params: { capability, rest: `${identifier}/${rest}`, identifier }, headers: { origin: VIEWER } })).status;
  const { signedImage2, signedImage3 } = withoutCookies;
  return Promise.all([
    get(signedImage2, 'full/full/0/default.jpg'),
    get(signedImage3, 'full/max/0/default.jpg'),
    get(signedImage2, 'info.json'),
    get(signedImage3, 'info.json'),
  ]);
}

function browserAt(address: string, opened: OpenedSession | null): FakeBrowser {
  const browser = new FakeBrowser();
  browser.address = address;
  for (const [name, value] of opened === null ? [] : cookiesOf(opened)) browser.jar.set(name, value);
  return browser;
}

describe('pictures, information documents and probes', () => {
  it('never disagree, whatever the policies and whoever asks, by cookie, by token of either specification, or by address', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(policies, visitors, fc.constantFrom(...PATHS), fc.constantFrom(...TIERS), async (given, person, item, tier) => {
        const path = item + tier;
        const started = start(given);
        const browser = browserAt(person.address, await openFor(started, person, item));
        const byCookie = await ask(started, browser, path);
        const [status] = byCookie.picture;
        expect(byCookie.picture).toEqual([status, status]);
        expect(byCookie.described).toEqual([status, status, status]);

        for (const { identifier, isLocked } of byCookie.substitutes) {
          const { picture, described } = await ask(started, browser, identifier);
          expect([...picture, ...described]).toEqual(Array.from({ length: 5 }, () => (isLocked ? 401 : 200)));
          seen.add(isLocked ? 'locked substitute' : 'open substitute');
        }
        if (status === 200) expect(byCookie.substitutes).toEqual([]);

        const stranger = browserAt(person.address, null);
        const withoutCookie = await ask(started, stranger, path);
        let isOpenToViewer = withoutCookie.described[0] === 200;
        for (const name of NAMES) {
          const [first = null, second = null] = await tokensOf(started, browser, nameAt(name, item));
          expect(first === null, `tokens of ${name} in both specifications`).toBe(second === null);
          for (const token of [first, second].filter((each) => each !== null)) {
            const { described } = await ask(started, stranger, path, token);
            expect(new Set(described).size).toBe(1);
            // A token never promises what the picture then refuses.
            if (described[0] === 200) expect(status).toBe(200);
            const signed = await askWithoutCookies(started, stranger, path, token);
            expect(signed).toEqual(described[0] === 200 && !byCookie.isPublic ? [200, 200, 200, 200] : null);
            isOpenToViewer ||= described[0] === 200;
          }
        }
        // Whoever sees the picture gets there in a viewer too.
        expect(isOpenToViewer).toBe(status === 200);

        const anywhere = await ask(started, browserAt('', null), path);
        if (byCookie.isPublic) expect(anywhere.picture).toEqual([200, 200]);
        seen.add(`${status} ${byCookie.isPublic ? 'public' : 'private'} ${withoutCookie.picture[0]}`);
      }),
      { numRuns: 400 },
    );
    // The property was tried on every kind of answer: by cookie, by address, for all, and not at all.
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([
        '200 private 200',
        '200 private 401',
        '200 public 200',
        '401 private 401',
        '403 private 403',
        '404 private 404',
        'locked substitute',
        'open substitute',
      ]),
    );
  });
});
