import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessModel, Policy, Tier } from '../../src/domain/access.ts';
import { createRenderLanes } from '../../src/flows/render-lanes.ts';
import { createAccess } from '../../src/http/access/access-handlers.ts';
import { createSignedHandlers } from '../../src/http/access/signed-paths.ts';
import { createImageApi } from '../../src/http/iiif/image-api.ts';
import type { Handler, Reply } from '../../src/http/server/exchange.ts';
import { fakePeople, IMAGES, VIEWER } from '../fakes/access.ts';
import type { FakeBrowser } from '../fakes/browser.ts';
import { PLAIN_TIER } from '../fakes/tier.ts';
import {
  browserAt,
  browserOf,
  isTokenOfDevice,
  NAMES,
  nameAt,
  personalTokenOf,
  randomPolicies,
  rules,
  SERVICES,
  tokensOf,
  visitors,
} from './random-access.ts';

const PATHS = ['a/x.tif', 'a/y.tif', 'b/z.tif', 'missing.tif'];
const TIERS = ['', '', '/~low', '/~mid'];

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

const policies = randomPolicies(['a/**', 'a/x.tif', 'b/*', '**'], tiers);

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
    images: { ...IMAGES, copy: async () => null, render: async () => new Uint8Array([1]) },
    cache: { recall: () => null, get: () => null, put: () => {} },
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
  const media = { ...imageDeps, files: NO_FILES, streams: NO_FILES, imageFiles: false };
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

async function ask(
  { handlers, images }: Started,
  browser: FakeBrowser,
  path: string,
  token: string | null = null,
  origin: string | null = VIEWER,
): Promise<Answers> {
  const identifier = encodeURIComponent(path);
  const from: Record<string, string> = origin === null ? {} : { origin };
  const headers = token === null ? {} : { authorization: `Bearer ${token}`, ...from };
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

describe('pictures, information documents and probes', () => {
  it('never disagree, whatever the policies and whoever asks, by cookie, by token of either specification, by address, by device, or by personal token', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(policies, visitors, fc.constantFrom(...PATHS), fc.constantFrom(...TIERS), async (given, person, item, tier) => {
        const path = item + tier;
        const started = start(given);
        const browser = await browserOf(started.people, person, item);
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
        const personal = await personalTokenOf(started.people, person);
        if (personal !== null) {
          const { picture, described } = await ask(started, stranger, path, personal, null);
          expect(new Set([...picture, ...described]).size).toBe(1);
          if (picture[0] === 200 && status !== 200) seen.add('by a personal token alone');
          if (picture[0] !== 200 && status === 200) seen.add('not by a personal token');
          const ofViewer = await ask(started, stranger, path, personal);
          expect(ofViewer.described).toEqual((await ask(started, stranger, path)).described);
        }
        const withoutCookie = await ask(started, stranger, path);
        let isOpenToViewer = withoutCookie.described[0] === 200;
        for (const name of NAMES) {
          const [first = null, second = null] = await tokensOf(started.handlers, browser, nameAt(name, item));
          expect(first === null, `tokens of ${name} in both specifications`).toBe(second === null);
          for (const token of [first, second].filter((each) => each !== null)) {
            const { described } = await ask(started, stranger, path, token);
            expect(new Set(described).size).toBe(1);
            // A token never promises what the picture then refuses.
            if (described[0] === 200) expect(status).toBe(200);
            const signed = await askWithoutCookies(started, stranger, path, token);
            const isSigned = described[0] === 200 && !byCookie.isPublic && !isTokenOfDevice(person, name, given);
            expect(signed).toEqual(isSigned ? [200, 200, 200, 200] : null);
            if (described[0] === 200 && isTokenOfDevice(person, name, given)) seen.add('by a device');
            isOpenToViewer ||= described[0] === 200;
          }
        }
        // Whoever sees the picture gets there in a viewer too.
        expect(isOpenToViewer).toBe(status === 200);

        // What was granted, and taken back, counts for nothing any more.
        started.people.stores.itemGrantsById.clear();
        const afterwards = await ask(started, browser, path);
        expect(afterwards.described).toEqual(Array.from({ length: 3 }, () => afterwards.picture[0]));
        if (!person.stillGranted) expect(afterwards).toEqual(byCookie);
        if (status === 200 && afterwards.picture[0] !== 200) seen.add('by a grant');

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
        'by a device',
        'by a personal token alone',
        'not by a personal token',
        'by a grant',
        'locked substitute',
        'open substitute',
      ]),
    );
  });
});
