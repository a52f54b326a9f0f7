import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessModel, Policy, Tier } from '../../src/domain/access.ts';
import { decide, findPolicy } from '../../src/domain/decide.ts';
import { TOKENS_SERVICE } from '../../src/domain/personal-token.ts';
import { type ImaginedVisitor, imagineVisitor } from '../../src/flows/admin/imagine-visitor.ts';
import { findItem } from '../../src/flows/find-item.ts';
import { findPerson } from '../../src/flows/find-person.ts';
import { createSeating } from '../../src/flows/take-seat.ts';
import { createAccess } from '../../src/http/access/access-handlers.ts';
import { answersAbout, type ItemAnswer } from '../../src/http/admin/item-answers.ts';
import { createImageApi } from '../../src/http/iiif/image-api.ts';
import { createManifest } from '../../src/http/iiif/manifest.ts';
import type { Handler, HttpRequest } from '../../src/http/server/exchange.ts';
import { fakePeople, ITEMS } from '../fakes/access.ts';
import type { FakeBrowser } from '../fakes/browser.ts';
import { fakeContent } from '../fakes/content.ts';
import { PLAIN_TIER } from '../fakes/tier.ts';
import { browserAt, browserOf, type Person, personalTokenOf, randomPolicies, rules, SERVICES, visitors } from './random-access.ts';

const tiers: fc.Arbitrary<readonly Tier[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('low', 'mid'),
      for: fc.oneof(fc.constant('everyone' as const), rules),
      item: fc.constantFrom(null, 'small/{path}', 'missing/{path}'),
      maxSize: fc.constantFrom(1, 100),
    }),
    { maxLength: 2, selector: ({ name }) => name },
  )
  .map((list) => list.map((tier) => ({ ...PLAIN_TIER, ...tier })));

/** Every second policy has seats, where it can have any. */
const policies = randomPolicies(['a/**', 'a/x.tif', 'b/*', '**'], tiers).map((list) =>
  list.map((policy) => (policy.allow === 'everyone' || policy.number % 2 === 0 ? policy : { ...policy, seats: { count: 1, minutes: 10 } })),
);
const PATHS = ['a/x.tif', 'a/y.tif', 'b/z.tif', 'a/x.tif/~low', 'a/y.tif/~mid'];

/** Pictures over fakes, with the policies given, and those who ask recognised by what they bring. */
function start(given: readonly Policy[]) {
  const people = fakePeople();
  const access: AccessModel = { enforced: true, services: new Map(SERVICES.map((each) => [each.name, each])), policies: given };
  const seating = createSeating({ ...people, access: () => access });
  const parts = { ...people, access: () => access, slashSubstitute: null, seating };
  const { handlers, recognise } = createAccess({ ...parts, signingKey: 'key', cookiePath: '/', wait: async () => {} });
  const fake = fakeContent(people);
  const content = {
    imageApi: { ...fake.imageApi, access: () => access, seating },
    media: { ...fake.media, access: () => access, seating },
    manifest: { ...fake.manifest, access: () => access },
  };
  return {
    people,
    access,
    content,
    images: createImageApi(3, { ...content.imageApi, recognise }),
    manifests: createManifest(3, { ...content.manifest, recognise }),
    probe: handlers.probeService,
  };
}

type Started = ReturnType<typeof start>;

/** What the server answers to somebody. */
async function answersOf({ images, manifests, probe }: Started, browser: FakeBrowser, identifier: string, token: string | null) {
  const encoded = encodeURIComponent(identifier);
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const get = async (handler: Handler, params: Record<string, string>) => browser.get(handler, { params, headers });
  const outcome = async (handler: Handler, params: Record<string, string>) => {
    const { status, headers: sent } = await get(handler, params);
    return [status, sent['location'] ?? null];
  };
  const probed = JSON.parse(String((await get(probe, { identifier: encoded })).body)) as { status: number };
  return {
    information: await outcome(images, { rest: `${encoded}/info.json` }),
    pixels: await outcome(images, { rest: `${encoded}/full/max/0/default.jpg` }),
    probe: [probed.status, null],
    ...(identifier.includes('/~') ? {} : { manifest: await outcome(manifests, { identifier: encoded }) }),
  };
}

function byName(answers: readonly ItemAnswer[]) {
  return Object.fromEntries(answers.map(({ what, status, location }) => [what, [status, location]]));
}

/** The person as an administrator would describe them. */
async function describePerson({ people }: Started, person: Person): Promise<ImaginedVisitor> {
  const user = await people.users.find(person.session);
  const isOver = (name: string) => person.longAgo && SERVICES.find((each) => each.name === name)?.minutes !== undefined;
  return {
    user: await findPerson(people, user),
    services: person.session === 'none' ? [] : person.grants.filter((name) => !isOver(name)),
    devices: person.device === null ? [] : [person.device],
    address: person.address,
  };
}

async function requestOf(browser: FakeBrowser): Promise<HttpRequest> {
  const requests: HttpRequest[] = [];
  await browser.get(async (request) => {
    requests.push(request);
    return { status: 200, headers: {}, body: null };
  });
  const [request] = requests;
  if (request === undefined) throw new Error('no request');
  return request;
}

describe('what administrators read of an imagined visitor', () => {
  it('is what the server answers to such a visitor, whatever the policies, by cookie, address, device and personal token', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(policies, visitors, fc.constantFrom(...PATHS), async (given, person, identifier) => {
        const started = start(given);
        const browser = await browserOf(started.people, person, identifier.replace(/\/~.*/, ''));
        const item = await findItem(ITEMS, started.access, identifier);
        if (item === null) return;
        const now = started.people.clock.now();
        const request = await requestOf(browser);
        const described = await describePerson(started, person);
        const compare = async (imagined: ImaginedVisitor, who: FakeBrowser, token: string | null) => {
          const visitor = imagineVisitor(imagined, item.path);
          const answers = byName(await answersAbout(started.content, request, item, { visitor, now }));
          expect(started.people.seats.held).toEqual([]);
          expect(answers).toEqual(await answersOf(started, who, identifier, token));
          const { outcome } = decide(started.access, item.path, visitor, now, item.tier);
          expect(answers['pixels']?.[0]).toBe({ allowed: 200, 'access-needed': 401, refused: 403 }[outcome]);
          seen.add(`${token === null ? 'cookie' : 'token'} ${outcome} ${answers['information']?.[0]}`);
        };
        // A seat is held by a session; whoever is only at a place opens one first, in the kiosk there.
        const sits = person.session === 'none' && findPolicy(started.access, item.path)?.seats !== undefined;
        if (!sits) await compare(described, browser, null);
        if (started.people.seats.held.length > 0) seen.add('seated');
        started.people.seats.held.length = 0;
        const token = await personalTokenOf(started.people, person);
        if (token !== null) await compare({ ...described, services: [TOKENS_SERVICE] }, browserAt(person.address, null), token);
      }),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([
        'cookie access-needed 302',
        'cookie access-needed 401',
        'cookie allowed 200',
        'cookie refused 302',
        'cookie refused 403',
        'seated',
        'token access-needed 401',
        'token allowed 200',
      ]),
    );
  });
});
