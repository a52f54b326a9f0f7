import { readFile } from 'node:fs/promises';
import { parseItemPath } from '../adapters/sources/item-path.ts';
import { formatAccessFileError, parseAccessFile } from '../config/access-file.ts';
import { filesBeside } from '../config/files-beside.ts';
import type { AccessModel, AccessService, AllowRule, Decision, Tier } from '../domain/access.ts';
import { isBoundToAPlace, isForAccounts } from '../domain/authorizing-aspect.ts';
import { decide, findPolicy } from '../domain/decide.ts';
import { explain } from '../domain/explain.ts';
import { covers } from '../domain/item-grant.ts';
import { itemServiceOf, servicesOfRules } from '../domain/item-service.ts';
import { rulesInForce } from '../domain/period.ts';
import { TOKENS_SERVICE } from '../domain/personal-token.ts';
import { parseTierIdentifier } from '../domain/tier.ts';
import { nobody, type Visitor } from '../domain/visitor.ts';
import { firstAddress, isAddress } from '../lib/network.ts';
import { parseDate, writeDate, writeDayAndTime } from '../lib/written-date.ts';
import { readIdentity } from './read-identity.ts';

export interface AccessCheckOptions {
  readonly file: string;
  /** The identity file, where its names are to be checked too. */
  readonly identity: string | null;
  /** A line of what was asked for. */
  print(line: string): void;
}

/** `vitrine access check`: 0 for a valid file, warnings or not; 1 with a line for each mistake. */
export async function runAccessCheck({ file, identity, print }: AccessCheckOptions): Promise<number> {
  const text = await readText(file);
  if (text === null) {
    print(`The access file ${file} cannot be read.`);
    return 1;
  }
  const sources = identity === null ? undefined : [...(await readIdentity(identity)).keys()];
  const result = parseAccessFile(text, file, filesBeside(file), sources);
  if (!result.ok) {
    for (const error of result.errors) print(formatAccessFileError(error));
    print(`${file} has ${count(result.errors.length, 'mistake')}.`);
    return 1;
  }
  for (const warning of result.warnings) print(`${formatAccessFileError(warning)} (warning)`);
  print(`${file} is valid: ${count(result.model.services.size, 'access service')}, ${count(result.model.policies.length, 'policy')}.`);
  return 0;
}

export interface AccessExplainOptions {
  readonly identifier: string;
  /** Name of a user; null for nobody in particular. */
  readonly as: string | null;
  /** Where the visitor is; null for nowhere in particular. */
  readonly address: string | null;
  readonly access: AccessModel;
  /** When; null for now. */
  readonly at: string | null;
  /** How the sentences call the access file. */
  readonly fileName: string;
  /** Null where the folder has no such item; the policies are explained all the same. */
  findItem(identifier: string): Promise<{ readonly path: string } | null>;
  /** With what they were granted. */
  findUser(name: string): Promise<Visitor['user']>;
  readonly now: Date;
  print(line: string): void;
}

/** `vitrine access explain IDENTIFIER --as USER --address ADDRESS --at TIME`: 0 when it could be explained, whatever the decision; 1 for an unknown user or tier, no address, or no time. */
export async function runAccessExplain(options: AccessExplainOptions): Promise<number> {
  const { identifier, as, address, access, print } = options;
  const user = as === null ? null : await options.findUser(as);
  if (as !== null && user === null) {
    print(`There is no user "${as}".`);
    return 1;
  }
  if (address !== null && !isAddress(address)) {
    print(`"${address}" is no address, such as 192.0.2.7 or 2001:db8::7.`);
    return 1;
  }
  const now = options.at === null ? options.now : parseDate(options.at);
  if (now === null) {
    print(`"${options.at}" is no time, such as 2027-01-31 or 2027-01-31T09:00+01:00.`);
    return 1;
  }
  const parsed = parseTierIdentifier(identifier);
  const path = await findPath({ ...options, identifier: parsed.identifier });
  const tier = findPolicy(access, path)?.otherwise?.find(({ name }) => name === parsed.tier);
  if (parsed.tier !== null && tier === undefined) {
    print(`The policy of ${path} has no tier "${parsed.tier}".`);
    return 1;
  }
  if (path !== identifier) print(`${identifier} is judged as ${path}.`);
  for (const { who, visitor } of visitorsOf(access, path, tier, { user, address }, now)) {
    // What the policies say does not hang on who reads at this moment.
    const decision = decide(access, path, { ...visitor, seats: new Set([path]) }, now, tier);
    print(`${who}: ${nameOutcome(decision)}`);
    const about = { path, fileName: options.fileName, visitor, access, tier, now };
    for (const sentence of explain(decision, about)) print(`  ${sentence}`);
  }
  return 0;
}

async function findPath({ identifier, findItem, print }: AccessExplainOptions): Promise<string> {
  const item = await findItem(identifier);
  if (item !== null) return item.path;
  print(`There is no item ${identifier} now; this is what the policies say about one.`);
  return parseItemPath(identifier)?.path ?? identifier;
}

interface NamedVisitor {
  readonly who: string;
  readonly visitor: Visitor;
}

interface Person {
  readonly user: Visitor['user'];
  readonly address: string | null;
}

/** Somebody who has done nothing yet, and the same person after, or at the place of, each service of the policy, and of the tier where it is about one. */
function visitorsOf(access: AccessModel, path: string, tier: Tier | undefined, person: Person, now: Date): readonly NamedVisitor[] {
  const policy = findPolicy(access, path);
  const allow = policy === null ? 'everyone' : rulesInForce(policy, now);
  const rules = [tier?.for ?? 'everyone', allow].flatMap((each) => (each === 'everyone' ? [] : each));
  const services = withSignIn(servicesOfRules(rules, access, path), access, path, person);
  const who = person.user === null ? 'Nobody in particular' : `${person.user.name}, not signed in`;
  const stranger: NamedVisitor = {
    who: person.address === null ? who : `${who}, at ${person.address}`,
    visitor: nobody(person.address ?? ''),
  };
  const gone = services.flatMap((service) => withService(service, person));
  const token = rules.some(({ service }) => service === TOKENS_SERVICE) ? withToken(person) : [];
  return [stranger, ...gone, ...rules.flatMap((rule) => besides(rule, access, path, person)), ...token];
}

/** Whoever was granted the item gets in by signing in, whatever the policy offers. */
function withSignIn(services: readonly AccessService[], access: AccessModel, path: string, { user }: Person): readonly AccessService[] {
  const isGranted = user?.itemGrants.some((grant) => covers(grant, path)) === true;
  const signIn = isGranted && !services.some(isForAccounts) ? [...access.services.values()].find(isForAccounts) : undefined;
  return signIn === undefined ? services : [...services, itemServiceOf(signIn, path)];
}

/** Somebody who has been through the service of a rule, and is at the place that it wants besides. */
function besides(rule: AllowRule, access: AccessModel, path: string, person: Person): readonly NamedVisitor[] {
  const service = servicesOfRules([rule], access, path)[0];
  const place = rule.at === undefined ? undefined : access.services.get(rule.at);
  if (service === undefined || place === undefined) return [];
  return withService(service, person).flatMap(({ who, visitor }) =>
    atPlaces(place, person).map((there) => ({
      who: `${who}, and${there.who.slice(there.who.indexOf(',') + 1)}`,
      visitor: { ...visitor, address: there.visitor.address, devices: new Set([...visitor.devices, ...there.visitor.devices]) },
    })),
  );
}

/** Nothing where there is nothing to do for the person. */
function withService(service: AccessService, person: Person): readonly NamedVisitor[] {
  if (isBoundToAPlace(service)) return atPlaces(service, person);
  const { user, address } = person;
  const who = user === null ? 'Somebody' : user.name;
  if (service.pattern === 'external' && user === null) return [];
  const visitor: Visitor = { ...nobody(address ?? ''), by: 'access-cookie', user, services: new Set([service.name]) };
  return [{ who: `${who}, having ${BEEN[service.pattern]} ${service.name}`, visitor }];
}

/** A token is always somebody's. */
function withToken({ user, address }: Person): readonly NamedVisitor[] {
  if (user === null) return [];
  const visitor: Visitor = { ...nobody(address ?? ''), by: 'personal-token', user, services: new Set([TOKENS_SERVICE]) };
  return [{ who: `${user.name}, with a personal access token`, visitor }];
}

/** Somebody at a known address is in a network, or is not. */
function atPlaces({ name, networks, devices }: AccessService, { user, address }: Person): readonly NamedVisitor[] {
  const who = user === null ? 'Somebody' : user.name;
  const inNetwork = networks.slice(0, address === null ? 1 : 0).map((network) => ({
    who: `${who}, in ${network.text} (${name})`,
    visitor: { ...nobody(firstAddress(network)), user },
  }));
  if (devices !== true) return inNetwork;
  const visitor: Visitor = { ...nobody(address ?? ''), user, devices: new Set([name]) };
  return [...inNetwork, { who: `${who}, at a registered device (${name})`, visitor }];
}

const BEEN: Readonly<Record<AccessService['pattern'], string>> = {
  login: 'signed in through',
  clickthrough: 'agreed to',
  kiosk: 'opened',
  external: 'signed in at /sign-in, for',
};

function nameOutcome(decision: Decision): string {
  if (decision.outcome === 'allowed') return decision.open ? 'allowed, like everybody' : 'allowed';
  const until = nameEnd(decision);
  if (decision.outcome === 'refused') return `refused (403)${until}`;
  return `access needed (401)${until}, offered: ${decision.services.map(({ name }) => name).join(', ')}`;
}

function nameEnd({ embargoUntil, timing }: Exclude<Decision, { outcome: 'allowed' }>): string {
  if (timing?.opensAt !== undefined && timing.zone !== undefined) return ` until ${writeDayAndTime(timing.opensAt, 'en', timing.zone)}`;
  const opensAt = embargoUntil ?? timing?.opensAt;
  return opensAt === undefined ? '' : ` until ${writeDate(opensAt, 'en')}`;
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}

function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  return `${number} ${noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}
