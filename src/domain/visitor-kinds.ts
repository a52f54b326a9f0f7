import { findNetwork, firstAddress, lastAddress, type Network } from '../lib/network.ts';
import type { AccessModel, AccessService, Policy } from './access.ts';
import { isBoundToAPlace } from './authorizing-aspect.ts';
import { itemServiceName, rulesOfPolicy } from './item-service.ts';
import { TOKENS_SERVICE } from './personal-token.ts';
import { nobody, type Visitor } from './visitor.ts';

/** A kind of visitor that some access file tells from others. */
export interface VisitorKind {
  /** Begins a sentence: `Role reader`, `At 192.0.2.0/24 (room)`. */
  readonly who: string;
  /** Kinds that it has all of, by `who`: what is true of one of them need not be said again. */
  readonly above: readonly string[];
  /** Such a visitor, come to the item at this path. */
  as(path: string): Visitor;
}

/** People with the same roles. */
export interface RoleHolders {
  readonly roles: readonly string[];
  readonly names: readonly string[];
}

/** What makes a visitor. */
interface Parts {
  readonly address: string;
  readonly user: Visitor['user'];
  readonly services: readonly string[];
  readonly devices: readonly string[];
  /** Whether a script comes with a token of the user's, and not the user. */
  readonly script: boolean;
}

const NOTHING: Parts = { address: '', user: null, services: [], devices: [], script: false };
const EVERYONE = 'Everyone';
const SIGNED_IN = 'Whoever signs in';

/**
 * Every kind of visitor that one of the files tells from another: everyone, people without a role and with each role,
 * whoever has been through each service, whoever is at each place, a role there, and people who hold several roles.
 */
export function visitorKinds(models: readonly AccessModel[], people: readonly RoleHolders[]): readonly VisitorKind[] {
  const services = models.flatMap((model) => [...model.services.values()]);
  const signIns = [...new Set(services.filter(({ pattern }) => pattern === 'login').map(({ name }) => name))];
  const signedIn = (roles: readonly string[]): Parts => ({
    ...NOTHING,
    user: { name: 'somebody', roles, itemGrants: [] },
    services: signIns,
  });
  const ways = [...services.flatMap((service) => waysThrough(service, services)), ...(models.some(asksForTokens) ? [BY_TOKEN] : [])];
  const kinds = [
    kind(EVERYONE, [], NOTHING),
    kind(SIGNED_IN, [EVERYONE], signedIn([])),
    ...rolesOf(models, people).map((role) => kind(`Role ${role}`, [EVERYONE, SIGNED_IN], signedIn([role]))),
    ...ways.map(({ who, parts }) => kind(who, [EVERYONE], parts)),
    ...models.flatMap((model) => model.policies.flatMap((policy) => rolesElsewhere(policy, ways, signedIn))),
    ...models.flatMap((model) => model.policies.flatMap((policy) => rulesBesides(policy, ways, signIns, signedIn))),
    ...people.filter(({ roles }) => roles.length > 1).map((holders) => severalRoles(holders, signedIn)),
  ];
  return [...new Map(kinds.map((each) => [each.who, each])).values()];
}

function kind(who: string, above: readonly string[], parts: Parts): VisitorKind {
  return {
    who,
    above,
    as: (path) => ({
      ...nobody(parts.address),
      by: comesBy(parts),
      user: parts.user,
      services: new Set(parts.services.flatMap((name) => [name, itemServiceName(name, path)])),
      devices: new Set(parts.devices),
    }),
  };
}

function comesBy({ user, services, script }: Parts): Visitor['by'] {
  if (script) return 'personal-token';
  return user === null && services.length === 0 ? 'nobody' : 'access-cookie';
}

function rolesOf(models: readonly AccessModel[], people: readonly RoleHolders[]): readonly string[] {
  const named = models.flatMap(({ policies }) => policies.flatMap((policy) => rulesOfPolicy(policy).flatMap(({ roles }) => roles)));
  return [...new Set([...named, ...people.flatMap(({ roles }) => roles)])].sort();
}

/** One way to what a service gives, without signing in. */
interface Way {
  readonly service: string;
  readonly who: string;
  readonly parts: Parts;
}

const BY_TOKEN: Way = {
  service: TOKENS_SERVICE,
  who: 'A script with a personal access token',
  parts: { ...NOTHING, user: { name: 'somebody', roles: [], itemGrants: [] }, services: [TOKENS_SERVICE], script: true },
};

function asksForTokens({ policies }: AccessModel): boolean {
  return policies.some((policy) => rulesOfPolicy(policy).some(({ service }) => service === TOKENS_SERVICE));
}

function waysThrough(service: AccessService, all: readonly AccessService[]): readonly Way[] {
  const { name, pattern, networks, devices } = service;
  if (isBoundToAPlace(service)) {
    const networksOfAll = all.flatMap((each) => each.networks);
    return [
      ...networks.map((network) => ({
        service: name,
        who: `At ${network.text} (${name})`,
        parts: { ...NOTHING, address: ownAddress(network, networksOfAll) },
      })),
      ...(devices === true ? [{ service: name, who: `At a registered device (${name})`, parts: { ...NOTHING, devices: [name] } }] : []),
    ];
  }
  const act = ACTS[pattern];
  return act === null ? [] : [{ service: name, who: `${act} ${name}`, parts: { ...NOTHING, services: [name] } }];
}

/** Null for what people sign in at. */
const ACTS: Readonly<Record<AccessService['pattern'], string | null>> = {
  login: null,
  clickthrough: 'Whoever agreed to',
  kiosk: 'Whoever opened',
  external: null,
};

/** An address that is in no smaller network too, where the network has one at its ends. */
function ownAddress(network: Network, all: readonly Network[]): string {
  const smaller = all.filter(({ family, bits }) => family === network.family && bits > network.bits);
  const ends = [firstAddress(network), lastAddress(network)];
  return ends.find((address) => findNetwork(smaller, address) === null) ?? firstAddress(network);
}

/** Rules that want a role and a service where nobody signs in. */
function rolesElsewhere(policy: Policy, ways: readonly Way[], signedIn: (roles: readonly string[]) => Parts): readonly VisitorKind[] {
  return rulesOfPolicy(policy).flatMap(({ service, roles }) =>
    roles.flatMap((role) =>
      ways
        .filter((way) => way.service === service)
        .map(({ who, parts }) => {
          const { user, services } = signedIn([role]);
          const both = { ...parts, user, services: parts.script ? parts.services : [...services, ...parts.services] };
          // A script holds nothing of what its owner has by signing in.
          const above = parts.script ? [EVERYONE, who] : [EVERYONE, SIGNED_IN, `Role ${role}`, who];
          return kind(`Role ${role}, ${who.charAt(0).toLowerCase()}${who.slice(1)}`, above, both);
        }),
    ),
  );
}

/** Rules that want somebody to be at a place besides. */
function rulesBesides(
  policy: Policy,
  ways: readonly Way[],
  signIns: readonly string[],
  signedIn: (roles: readonly string[]) => Parts,
): readonly VisitorKind[] {
  return rulesOfPolicy(policy).flatMap(({ service, roles, at }) => {
    const starts = signIns.includes(service)
      ? (roles.length === 0 ? [null] : roles).map((role) => ({
          who: role === null ? SIGNED_IN : `Role ${role}`,
          parts: signedIn(role === null ? [] : [role]),
        }))
      : ways.filter((way) => way.service === service && roles.length === 0);
    const places = at === undefined ? [] : ways.filter((way) => way.service === at);
    return starts.flatMap(({ who, parts }) =>
      places.map((place) => {
        const both = { ...parts, address: place.parts.address || parts.address, devices: [...parts.devices, ...place.parts.devices] };
        return kind(`${who}, ${place.who.charAt(0).toLowerCase()}${place.who.slice(1)}`, [EVERYONE, who, place.who], both);
      }),
    );
  });
}

const NAMED_PEOPLE = 3;

function severalRoles({ roles, names }: RoleHolders, signedIn: (roles: readonly string[]) => Parts): VisitorKind {
  const more = names.length - NAMED_PEOPLE;
  const who = `${names.slice(0, NAMED_PEOPLE).join(', ')}${more > 0 ? ` and ${more} more` : ''} (roles ${roles.join(', ')})`;
  return kind(who, [EVERYONE, SIGNED_IN, ...roles.map((role) => `Role ${role}`)], signedIn(roles));
}
