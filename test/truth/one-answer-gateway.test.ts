import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessModel, Policy, Tier } from '../../src/domain/access.ts';
import type { Upstreams } from '../../src/domain/upstream.ts';
import { createRenderLanes } from '../../src/flows/render-lanes.ts';
import { createAccess } from '../../src/http/access/access-handlers.ts';
import { createImageProxy } from '../../src/http/gateway/image-proxy.ts';
import type { Handler, Reply } from '../../src/http/server/exchange.ts';
import { Failure, PROBLEMS, refuse } from '../../src/lib/problems.ts';
import { fakePeople, IMAGES, VIEWER } from '../fakes/access.ts';
import type { FakeBrowser } from '../fakes/browser.ts';
import { PLAIN_TIER } from '../fakes/tier.ts';
import { browserAt, browserOf, NAMES, nameAt, randomPolicies, rules, SERVICES, tokensOf, visitors } from './random-access.ts';

const MISSING = 'missing.tif';
const PATHS = ['a/x.tif', 'a/y.tif', 'b/z.tif', MISSING];

const tiers: fc.Arbitrary<readonly Tier[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('low', 'mid'),
      for: fc.oneof(fc.constant('everyone' as const), rules),
      gray: fc.boolean(),
      maxSize: fc.constantFrom(1, 100),
    }),
    { maxLength: 2, selector: ({ name }) => name },
  )
  .map((list) => list.map((tier) => ({ ...PLAIN_TIER, ...tier })));
const policies = randomPolicies(['a/**', 'a/x.tif', 'b/*', '**'], tiers);

/** An upstream that counts what it is asked for. */
function fakeUpstreams(asked: string[]): Upstreams {
  const source = { file: '', bytes: 0, modified: new Date(0), version: '' };
  const look = (path: string): void => {
    asked.push(path);
    if (path === MISSING) throw new Failure(refuse('not-found', 'Nothing.'), 'nothing');
  };
  return {
    items: {
      find: async (path) => ({ identifier: path, path, page: 1, kind: 'image', mediaType: 'image/jpeg', source, unseen: true }),
      list: async () => null,
    },
    versionOf: () => 3,
    addressOf: () => '',
    async readInformation({ path }) {
      look(path);
      const document = { '@context': 'http://iiif.io/api/image/3/context.json', id: 'x', profile: 'level2', width: 1, height: 1 };
      return { document, description: await IMAGES.describe({} as never), modified: null, version: '1' };
    },
    async askImage({ path }) {
      look(path);
      return { kind: 'image', etag: null, modified: null, bytes: 1, chunks: () => [][Symbol.iterator]() as never, discard: () => {} };
    },
  };
}

function start(given: readonly Policy[]) {
  const people = fakePeople();
  const asked: string[] = [];
  const upstreams = fakeUpstreams(asked);
  const access: AccessModel = { enforced: true, services: new Map(SERVICES.map((each) => [each.name, each])), policies: given };
  const images = {
    describe: async (item: Parameters<Upstreams['readInformation']>[0]) => (await upstreams.readInformation(item)).description,
  };
  const parts = { ...people, access: () => access, slashSubstitute: null, items: upstreams.items, images };
  const { handlers, recognise } = createAccess({ ...parts, signingKey: 'key', cookiePath: '/', wait: async () => {} });
  const lane = { concurrency: 1, waiting: 10, waitSeconds: 10 };
  const proxy = createImageProxy(3, {
    ...parts,
    upstreams,
    recognise,
    making: {
      images: { ...images, copy: async () => null, render: async () => new Uint8Array([1]) },
      cache: { recall: () => null, get: () => null, put: () => {} },
      lanes: createRenderLanes({ small: lane, big: lane }),
      limits: { maxWidth: 1000, maxHeight: 1000, maxArea: 1_000_000, maxUpscale: 1, sizeAboveFull: false },
      rendering: '',
      digest: people.randomness.hash,
    },
    digest: people.randomness.hash,
    lockedInformationStatus: 401,
    signedBase: () => null,
    now: () => people.clock.now(),
  });
  return { people, handlers, proxy, asked };
}

type Started = ReturnType<typeof start>;

async function answerOf(
  handler: Handler,
  browser: FakeBrowser,
  params: Record<string, string>,
  headers: Record<string, string>,
): Promise<Reply> {
  try {
    return await browser.get(handler, { params, headers });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { status: PROBLEMS[error.refusal.code].status, headers: {}, body: null };
  }
}

/** The picture, and what its document and its probe say of it: a document that sends to a tier denies the item. */
async function ask({ handlers, proxy, asked }: Started, browser: FakeBrowser, path: string, token: string | null = null) {
  const identifier = encodeURIComponent(path);
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}`, origin: VIEWER };
  asked.length = 0;
  const picture = await answerOf(proxy, browser, { rest: `${identifier}/full/max/0/default.jpg` }, headers);
  const reached = asked.length > 0;
  const document = await answerOf(proxy, browser, { rest: `${identifier}/info.json` }, headers);
  const probe = JSON.parse(String((await answerOf(handlers.probeService, browser, { identifier }, headers)).body)) as { status: number };
  return { picture: picture.status, document: document.status === 302 ? probe.status : document.status, probe: probe.status, reached };
}

describe('pictures, information documents and probes of a gateway', () => {
  it('never disagree, and the upstream is asked for no picture that is refused', async () => {
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        policies,
        visitors,
        fc.constantFrom(...PATHS),
        fc.constantFrom('', '', '/~low', '/~mid'),
        async (given, person, item, tier) => {
          const path = item + tier;
          const started = start(given);
          const browser = await browserOf(started.people, person, item);
          const { picture, document, probe, reached } = await ask(started, browser, path);
          seen.add(picture);
          if (picture === 401 || picture === 403) expect(reached).toBe(false);
          // Of what is locked nobody knows whether it is there before it is looked at.
          if (item === MISSING && picture !== 200) expect([404, picture]).toContain(document);
          else expect([document, probe]).toEqual([picture, picture]);
          const stranger = browserAt(person.address, null);
          for (const name of NAMES) {
            for (const token of await tokensOf(started.handlers, browser, nameAt(name, item))) {
              if (token === null) continue;
              const told = await ask(started, stranger, path, token);
              if (item !== MISSING) expect(told.document).toBe(told.probe);
              // A token never promises what the picture then refuses, and opens no picture itself.
              if (told.document === 200) expect(picture).toBe(200);
              expect(told.picture).toBe((await ask(started, stranger, path)).picture);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
    expect([...seen].sort()).toEqual([200, 401, 403, 404]);
  });
});
