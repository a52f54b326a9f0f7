/** Random policies, and random visitors with what they have been given: whoever asks, the answers must agree. */
import fc from 'fast-check';
import type { AccessService, Policy, Tier } from '../../src/domain/access.ts';
import { itemServiceName, rulesOfPolicy } from '../../src/domain/item-service.ts';
import type { OpeningHours } from '../../src/domain/opening-hours.ts';
import { TOKENS_SERVICE } from '../../src/domain/personal-token.ts';
import type { UserId } from '../../src/domain/session.ts';
import { issuePersonalToken } from '../../src/flows/issue-personal-token.ts';
import { type OpenedSession, openSession } from '../../src/flows/open-session.ts';
import { registerDevice } from '../../src/flows/register-device.ts';
import type { AccessHandlers } from '../../src/http/access/access-handlers.ts';
import { findNetwork, type Network, parseNetwork } from '../../src/lib/network.ts';
import { isRefusal } from '../../src/lib/problems.ts';
import { cookiesOf, type fakePeople, VIEWER } from '../fakes/access.ts';
import { FakeBrowser, OWN_ORIGIN, readMessage } from '../fakes/browser.ts';
import { FakeClock } from '../fakes/stores.ts';

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

/** The fake clock stands at nine on a Sunday morning. */
function hoursOf(day: number): { readonly hours: OpeningHours } {
  const days = Array.from({ length: 7 }, (_, at) => (at === day ? [{ from: 480, until: 600 }] : []));
  return { hours: { zone: 'UTC', days, closed: [] } };
}
const SUNDAY = hoursOf(6);
const MONDAY = hoursOf(0);

export const SERVICES = [
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
  service('tablet', 'external', [], { devices: true }),
  service('branch', 'kiosk', ['192.0.2.0/28'], { devices: true }),
  service('sunday', 'login', [], SUNDAY),
  service('monday', 'clickthrough', [], MONDAY),
  service('cellar', 'kiosk', ['192.0.2.0/24'], MONDAY),
] as const;
export const NAMES = SERVICES.map(({ name }) => name);

/** Of one for each item the name that belongs to this one. */
export function nameAt(name: string, path: string): string {
  return SERVICES.find((each) => each.name === name)?.perItem === true ? itemServiceName(name, path) : name;
}

export const rules = fc
  .uniqueArray(
    fc.record({
      service: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: fc.constant(TOKENS_SERVICE) }),
      roles: fc.constantFrom<string[][]>([], [], ['reader'], ['curator', 'reader']),
      at: fc.constantFrom(undefined, undefined, undefined, 'room', 'tablet', 'branch', 'cellar'),
    }),
    { minLength: 1, maxLength: 3, selector: ({ service: name }) => name },
  )
  .map((list) => list.map(({ at, ...rule }) => (at === undefined ? rule : { ...rule, at })));

/** Over these patterns, with these tiers. */
export function randomPolicies(patterns: string[], tiers: fc.Arbitrary<readonly Tier[]>): fc.Arbitrary<readonly Policy[]> {
  return fc
    .array(
      fc.record({
        items: fc.subarray(patterns, { minLength: 1 }),
        allow: fc.oneof({ weight: 1, arbitrary: fc.constantFrom<Policy['allow']>('everyone', []) }, { weight: 4, arbitrary: rules }),
        otherwise: tiers,
        /** Whether whoever is not allowed may ask. */
        asks: fc.boolean(),
        embargo: fc.option(fc.record({ daysLeft: fc.constantFrom(-1, 1), allow: fc.oneof(fc.constant([]), rules) }), { freq: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((list) =>
      list.map(({ embargo, asks, ...policy }, index) => {
        const until = embargo === null ? null : new Date(new FakeClock().now().getTime() + embargo.daysLeft * 86_400_000);
        const closed = embargo === null || until === null ? {} : { embargo: { until, allow: embargo.allow } };
        const requests = asks ? { requests: 'members' } : {};
        return { ...policy, ...closed, ...requests, number: index + 1, line: index + 1 };
      }),
    );
}

export const visitors = fc.record({
  address: fc.constantFrom('192.0.2.7', '192.0.2.200', '2001:db8::9', '203.0.113.5', ''),
  session: fc.constantFrom('none', 'anonymous', 'ada', 'grace'),
  grants: fc.subarray(NAMES),
  /** Which service the browser was registered for. */
  device: fc.constantFrom(null, null, 'tablet', 'branch'),
  /** Granted to the person, whatever the policies say. */
  granted: fc.constantFrom(null, null, '**', 'a/**', 'b/z.tif'),
  /** Whether the grant is still in force. */
  stillGranted: fc.boolean(),
  /** Whether what counts for an hour was got before that. */
  longAgo: fc.boolean(),
});
export type Person = typeof visitors extends fc.Arbitrary<infer T> ? T : never;

async function grantItems(people: ReturnType<typeof fakePeople>, userId: UserId, { granted, stillGranted }: Person): Promise<void> {
  if (granted === null) return;
  const now = people.clock.now();
  const until = new Date(now.getTime() + (stillGranted ? 3_600_000 : 0));
  await people.itemGrants.add({ userId, items: granted, until, note: null, createdBy: null, createdAt: new Date(0) });
}

/** What the person has been given: for the viewer, as the access services do it, or for ourselves at a kiosk. */
async function openFor(people: ReturnType<typeof fakePeople>, person: Person, path: string): Promise<OpenedSession | null> {
  if (person.session === 'none') return null;
  const user = await people.users.find(person.session);
  if (user !== null) await grantItems(people, user.id, person);
  const grants = person.grants.map((name) => ({
    service: nameAt(name, path),
    origin: ['exhibit', 'room', 'desk', 'branch'].includes(name) ? OWN_ORIGIN : VIEWER,
    grantedAt: new Date(people.clock.now().getTime() - (person.longAgo ? 60 : 59) * 60_000),
  }));
  return (await openSession(people, user, grants)).opened;
}

/** The tokens that the two specifications' services hand over to the viewer. */
export async function tokensOf(handlers: AccessHandlers, browser: FakeBrowser, name: string): Promise<ReadonlyArray<string | null>> {
  const tokens: (string | null)[] = [];
  for (const handler of [handlers.tokenService1, handlers.tokenService2]) {
    const reply = await browser.get(handler, { params: { service: encodeURIComponent(name) }, query: { messageId: '1', origin: VIEWER } });
    const { accessToken } = readMessage(reply).message;
    tokens.push(typeof accessToken === 'string' ? accessToken : null);
  }
  return tokens;
}

/** The person's own, with all cookies. */
export async function browserOf(people: ReturnType<typeof fakePeople>, person: Person, path: string): Promise<FakeBrowser> {
  const browser = browserAt(person.address, await openFor(people, person, path));
  if (person.device === null) return browser;
  const now = people.clock.now();
  const linkEndsAt = new Date(now.getTime() + 1);
  await people.devices.create({
    name: 'a device',
    service: person.device,
    linkHash: people.randomness.hash('link'),
    linkEndsAt,
    createdAt: now,
  });
  const registered = await registerDevice(people, 'link', '192.0.2.7');
  if (registered === null) throw new Error('not registered');
  browser.jar.set('vitrine-device', registered.secret);
  return browser;
}

/** A new one of theirs; null for whoever has no account. */
export async function personalTokenOf(people: ReturnType<typeof fakePeople>, person: Person): Promise<string | null> {
  const user = await people.users.find(person.session);
  if (user === null) return null;
  const by = { actor: user.name, via: 'web', address: null } as const;
  const issued = await issuePersonalToken(people, user, { name: 'a script', scopes: ['content'], days: 1 }, by);
  if (isRefusal(issued)) throw new Error(issued.detail);
  return issued.secret;
}

/** Whether a token of this service is one of the device: its address alone would not have got it, or a rule wants the device besides. */
export function isTokenOfDevice({ device, address }: Person, name: string, policies: readonly Policy[]): boolean {
  if (device !== null && policies.flatMap(rulesOfPolicy).some(({ service, at }) => service === name && at === device)) return true;
  const networks = SERVICES.find((each) => each.name === name)?.networks ?? [];
  return device === name && findNetwork(networks, address) === null;
}

export function browserAt(address: string, opened: OpenedSession | null): FakeBrowser {
  const browser = new FakeBrowser();
  browser.address = address;
  for (const [name, value] of opened === null ? [] : cookiesOf(opened)) browser.jar.set(name, value);
  return browser;
}
