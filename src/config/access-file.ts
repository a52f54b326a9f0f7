import type { AccessModel, AccessService, AccessTexts, AllowRule, Policy } from '../domain/access.ts';
import { isBoundToAPlace } from '../domain/authorizing-aspect.ts';
import { findPatternMistake } from '../domain/glob.ts';
import { rulesOfPolicy } from '../domain/item-service.ts';
import { ROLE_NAME } from '../domain/role-name.ts';
import type { LanguageMap } from '../lib/language-map.ts';
import { type Network, parseNetwork } from '../lib/network.ts';
import { type AllowEntry, limitAllow, readEveryone, readPeriod } from './access-dates.ts';
import { readEmbargo } from './access-embargo.ts';
import { readHours } from './access-hours.ts';
import { readIdentity } from './access-identity.ts';
import { MOST_MINUTES, SERVICE_NAME, SERVICE_PATTERNS } from './access-names.ts';
import { readRequests } from './access-requests.ts';
import { checkReservedName, checkTextsOfTokens, readRulePlace, readRuleServices } from './access-rule-services.ts';
import { checkSeats, readSeats } from './access-seats.ts';
import { readTiers } from './access-tiers.ts';
import { findAccessWarnings, type Placed } from './access-warnings.ts';
import { readWhenLocked } from './access-when-locked.ts';
import type { ReadBeside } from './files-beside.ts';
import { type YamlEntry, type YamlMistake, type YamlNode, YamlReading } from './yaml-reading.ts';
import { onlyTexts, readTexts } from './yaml-texts.ts';

export type AccessFileError = YamlMistake;
export type AccessFileWarning = YamlMistake;

export type AccessFileResult =
  | { readonly ok: true; readonly model: AccessModel; readonly warnings: readonly AccessFileWarning[] }
  | { readonly ok: false; readonly errors: readonly AccessFileError[] };

const FILE_KEYS = ['accessServices', 'policies'];
const TEXT_KEYS = ['label', 'heading', 'note', 'confirmLabel', 'errorHeading', 'errorNote'] as const satisfies ReadonlyArray<
  keyof AccessTexts
>;
const SERVICE_KEYS = ['pattern', ...TEXT_KEYS, 'identity', 'networks', 'devices', 'perItem', 'minutes', 'hours'];
const SERVICE_KEYS_LATER = ['header', 'cookie'];
const POLICY_KEYS = [
  'items',
  'allow',
  'from',
  'until',
  'embargoUntil',
  'duringEmbargo',
  'otherwise',
  'whenLocked',
  'requests',
  'seats',
  'seatMinutes',
];
const POLICY_KEYS_LATER = ['networks', 'hours'];
const RULE_KEYS = ['service', 'services', 'roles', 'at', 'from', 'until', ...TEXT_KEYS];
const RULE_KEYS_LATER = ['networks', 'hours'];

const PATTERNS = 'It can be login, clickthrough, kiosk or external.';

/**
 * Reads `access.yaml`: the whole model, or every mistake at once. `fileName` is for the sentences; `readBeside` reads what it
 * names; `identitySources` are the names in the identity file, undefined where nobody knows them.
 */
export function parseAccessFile(
  text: string,
  fileName: string,
  readBeside?: ReadBeside,
  identitySources?: readonly string[],
): AccessFileResult {
  const reading = new YamlReading(text, fileName, readBeside);
  const parts = reading.mistakes.length === 0 || reading.root.node !== null ? readFile(reading, identitySources) : null;
  if (reading.mistakes.length > 0 || parts === null) return { ok: false, errors: reading.mistakes.toSorted(byPlace) };
  const model: AccessModel = {
    enforced: true,
    services: new Map(parts.services.map(({ value }) => [value.name, value])),
    policies: parts.policies.map(({ value }) => value),
  };
  const warnings = findAccessWarnings(parts.services, parts.policies);
  return { ok: true, model, warnings: warnings.map(({ place, sentence }) => ({ file: fileName, ...reading.position(place), sentence })) };
}

/** `access.yaml:14:5: sentence`, as editors and terminals know it. */
export function formatAccessFileError({ file, line, column, sentence }: YamlMistake): string {
  return `${file}:${line}:${column}: ${sentence}`;
}

function byPlace(a: YamlMistake, b: YamlMistake): number {
  return a.line - b.line || a.column - b.column;
}

interface FileParts {
  readonly services: ReadonlyArray<Placed<AccessService>>;
  readonly policies: ReadonlyArray<Placed<Policy>>;
}

function readFile(reading: YamlReading, identitySources?: readonly string[]): FileParts | null {
  if (reading.root.node === null) {
    reading.report(reading.root, 'The file is empty. It must list policies.');
    return null;
  }
  const entries = reading.entries(reading.root, 'The file');
  if (entries === null) return null;
  reading.checkKeys(entries, 'The file', FILE_KEYS, []);
  const serviceEntries = readServiceEntries(reading, find(entries, 'accessServices'));
  const services = serviceEntries.flatMap((entry) => readService(reading, entry, identitySources));
  const names = serviceEntries.map(({ key }) => key);
  const described = services.map(({ value }) => value);
  const policies = readPolicies(reading, find(entries, 'policies'), names, described);
  checkPlaces(reading, services, policies);
  checkSeats(reading, services, policies);
  return { services, policies };
}

function find(entries: readonly YamlEntry[], key: string): YamlEntry | null {
  return entries.find((entry) => entry.key === key) ?? null;
}

/** `at` names a place: nothing else can be besides what was got at a service. */
function checkPlaces(reading: YamlReading, services: ReadonlyArray<Placed<AccessService>>, policies: ReadonlyArray<Placed<Policy>>): void {
  for (const { value: policy, place } of policies) {
    const names = new Set(rulesOfPolicy(policy).flatMap(({ at }) => at ?? []));
    const wrong = services.filter(({ value }) => names.has(value.name) && !isBoundToAPlace(value));
    for (const { value } of wrong) {
      reading.report(
        place,
        `Policy ${policy.number} has a rule "at: ${value.name}", which has no networks and no devices: it is no place to be at.`,
      );
    }
  }
}

function readServiceEntries(reading: YamlReading, entry: YamlEntry | null): readonly YamlEntry[] {
  return entry === null ? [] : (reading.entries(entry.value, '"accessServices"') ?? []);
}

function readService(
  reading: YamlReading,
  { key: name, keyNode, value }: YamlEntry,
  identitySources?: readonly string[],
): ReadonlyArray<Placed<AccessService>> {
  if (!SERVICE_NAME.test(name)) {
    reading.report(keyNode, `The service name "${name}" is part of an address: lower-case letters, digits and hyphens only, at most 64.`);
  }
  checkReservedName(reading, { key: name, keyNode, value });
  const entries = reading.entries(value, `Service "${name}"`);
  if (entries === null) return [];
  reading.checkKeys(entries, 'A service', SERVICE_KEYS, SERVICE_KEYS_LATER);
  const pattern = readPattern(reading, find(entries, 'pattern'), { name, place: keyNode });
  const identity = readIdentity(reading, find(entries, 'identity'), { pattern, known: identitySources });
  const networks = readNetworks(reading, find(entries, 'networks'), pattern);
  const devices = readDevices(reading, find(entries, 'devices'), { pattern, perItem: find(entries, 'perItem') });
  const label = readTexts(reading, find(entries, 'label'));
  if (find(entries, 'label') === null)
    reading.report(keyNode, `Service "${name}" has no label, the text that names it and the institution.`);
  const counting = {
    ...readPerItem(reading, find(entries, 'perItem')),
    ...readMinutes(reading, find(entries, 'minutes'), { pattern, networks, ...devices }),
    ...readHours(reading, find(entries, 'hours')),
  };
  const optional = (textKey: string): LanguageMap | null => readTexts(reading, find(entries, textKey));
  const texts = {
    heading: optional('heading'),
    note: optional('note'),
    confirmLabel: optional('confirmLabel'),
    errorHeading: optional('errorHeading'),
    errorNote: optional('errorNote'),
  };
  return pattern === null || label === null
    ? []
    : [{ value: { name, pattern, networks, ...devices, ...counting, ...identity, label, ...texts }, place: keyNode }];
}

function readPattern(
  reading: YamlReading,
  entry: YamlEntry | null,
  service: { name: string; place: YamlNode },
): AccessService['pattern'] | null {
  if (entry === null) {
    reading.report(service.place, `Service "${service.name}" has no pattern. ${PATTERNS}`);
    return null;
  }
  const pattern = reading.text(entry.value, '"pattern"');
  const known = SERVICE_PATTERNS.find((name) => name === pattern) ?? null;
  if (pattern !== null && known === null) reading.report(entry.value, `Unknown pattern "${pattern}". ${PATTERNS}`);
  return known;
}

function readNetworks(reading: YamlReading, entry: YamlEntry | null, pattern: AccessService['pattern'] | null): readonly Network[] {
  if (entry === null) return [];
  if (pattern === 'login' || pattern === 'clickthrough') {
    reading.report(entry.keyNode, `"networks" is for the patterns kiosk and external; ${pattern} opens wherever a reader is.`);
  }
  const places = reading.list(entry.value, '"networks"') ?? [];
  if (reading.isList(entry.value) && places.length === 0) {
    reading.report(entry.value, '"networks" is empty. List addresses or networks such as 192.0.2.0/24.');
  }
  return places.flatMap((place) => readNetwork(reading, place));
}

function readNetwork(reading: YamlReading, place: YamlNode): readonly Network[] {
  const text = reading.text(place, 'A network');
  const network = text === null ? null : parseNetwork(text);
  if (network === null) return [];
  if (!('mistake' in network)) return [network];
  reading.report(place, network.mistake);
  return [];
}

function readDevices(
  reading: YamlReading,
  entry: YamlEntry | null,
  { pattern, perItem }: { readonly pattern: AccessService['pattern'] | null; readonly perItem: YamlEntry | null },
): Pick<AccessService, 'devices'> {
  if (entry === null || reading.truth(entry.value, '"devices"') !== true) return {};
  if (pattern === 'login' || pattern === 'clickthrough') {
    reading.report(entry.keyNode, `"devices" is for the patterns kiosk and external; ${pattern} opens wherever a reader is.`);
  }
  if (perItem !== null) {
    reading.report(entry.keyNode, '"devices" and "perItem" do not go together: a device is registered for a service, not for an item.');
  }
  return { devices: true };
}

function readPerItem(reading: YamlReading, entry: YamlEntry | null): Pick<AccessService, 'perItem'> {
  if (entry === null) return {};
  return reading.truth(entry.value, '"perItem"') === true ? { perItem: true } : {};
}

function readMinutes(
  reading: YamlReading,
  entry: YamlEntry | null,
  { pattern, ...places }: Pick<AccessService, 'networks' | 'devices'> & { readonly pattern: AccessService['pattern'] | null },
): Pick<AccessService, 'minutes'> {
  if (entry === null) return {};
  if (pattern === 'external' || isBoundToAPlace(places)) {
    reading.report(
      entry.keyNode,
      '"minutes" count from a visit to the service, and here nobody has to visit it: the address, the device or the account counts.',
    );
  }
  const minutes = reading.number(entry.value, '"minutes"');
  if (minutes === null) return {};
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES) return { minutes };
  reading.report(entry.value, `"minutes" is a whole number from 1 to ${MOST_MINUTES}.`);
  return {};
}

function readPolicies(
  reading: YamlReading,
  entry: YamlEntry | null,
  services: readonly string[],
  described: readonly AccessService[],
): ReadonlyArray<Placed<Policy>> {
  if (entry === null) {
    reading.report(reading.root, 'The file has no policies, so nobody could see anything.');
    return [];
  }
  const places = reading.list(entry.value, '"policies"') ?? [];
  if (reading.isList(entry.value) && places.length === 0) reading.report(entry.value, '"policies" is empty, so nobody could see anything.');
  return places.flatMap((place, index) => readPolicy(reading, place, index + 1, services, described));
}

function readPolicy(
  reading: YamlReading,
  place: YamlNode,
  number: number,
  services: readonly string[],
  described: readonly AccessService[],
): ReadonlyArray<Placed<Policy>> {
  const entries = reading.entries(place, `Policy ${number}`);
  if (entries === null) return [];
  reading.checkKeys(entries, 'A policy', POLICY_KEYS, POLICY_KEYS_LATER);
  const items = readItems(reading, find(entries, 'items'), number, place);
  const given = readAllow(reading, find(entries, 'allow'), number, place, services);
  const period = readPeriod(reading, { from: find(entries, 'from'), until: find(entries, 'until') });
  const audience = given === null ? null : limitAllow(reading, given, { period, place, number });
  const allow = audience?.allow ?? null;
  const embargo = readEmbargo(
    reading,
    { until: find(entries, 'embargoUntil'), during: find(entries, 'duringEmbargo') },
    { policy: { number }, readRules: ({ value }) => readRules(reading, value, '"duringEmbargo"', services) },
  );
  const otherwise = readTiers(reading, find(entries, 'otherwise'), {
    policy: { number, allow },
    readTexts: (entry) => readTexts(reading, entry),
    readRules: (entry) => readAudience(reading, entry, services),
  });
  const tiers = otherwise.length === 0 ? {} : { otherwise };
  const whenLocked = readWhenLocked(reading, find(entries, 'whenLocked'), { number, allow, otherwise, ...embargo });
  const seats = readSeats(reading, { count: find(entries, 'seats'), minutes: find(entries, 'seatMinutes') });
  const telling = whenLocked === null ? {} : { whenLocked };
  if (audience === null) return [];
  const policy = { number, line: reading.position(place).line, items, ...audience, ...embargo, ...tiers, ...telling, ...seats };
  return [{ value: { ...policy, ...readRequests(reading, find(entries, 'requests'), { services: described, policy }) }, place }];
}

function readItems(reading: YamlReading, entry: YamlEntry | null, number: number, policy: YamlNode): readonly string[] {
  if (entry === null) {
    reading.report(policy, `Policy ${number} has no items, the patterns that say what it is about.`);
    return [];
  }
  const places = reading.isList(entry.value) ? (reading.list(entry.value, '"items"') ?? []) : [entry.value];
  if (places.length === 0) reading.report(entry.value, '"items" is empty. Write ** for every item.');
  return places.flatMap((place) => readItemPattern(reading, place));
}

function readItemPattern(reading: YamlReading, place: YamlNode): readonly string[] {
  const pattern = reading.text(place, 'A pattern of "items"');
  if (pattern === null) return [];
  const mistake = findPatternMistake(pattern);
  if (mistake !== null) reading.report(place, `The pattern ${pattern} cannot be used. ${mistake}`);
  return mistake === null ? [pattern] : [];
}

function readAllow(
  reading: YamlReading,
  entry: YamlEntry | null,
  number: number,
  policy: YamlNode,
  services: readonly string[],
): 'everyone' | readonly AllowEntry[] | null {
  if (entry === null) {
    reading.report(policy, `Policy ${number} has no allow: everyone, nobody, or a list of rules such as { service: members }.`);
    return null;
  }
  if (!reading.isList(entry.value)) return readAllowWord(reading, entry);
  const places = listRules(reading, entry.value, '"allow"');
  return places.flatMap((place) => readAllowEntry(reading, place, services));
}

function readAllowEntry(reading: YamlReading, place: YamlNode, services: readonly string[]): readonly AllowEntry[] {
  const everyone = reading.isMapping(place) ? readEveryone(reading, place, reading.entries(place, 'A rule of "allow"') ?? []) : null;
  return everyone === null ? readRule(reading, place, services).map((rule) => ({ kind: 'rule', rule })) : [everyone];
}

function readRules(reading: YamlReading, place: YamlNode, what: string, services: readonly string[]): readonly AllowRule[] {
  return listRules(reading, place, what).flatMap((rule) => readRule(reading, rule, services));
}

function listRules(reading: YamlReading, place: YamlNode, what: string): readonly YamlNode[] {
  const rules = reading.list(place, what) ?? [];
  if (rules.length === 0) reading.report(place, `${what} is empty. To close items to everybody, write nobody.`);
  return rules;
}

/** Who gets a tier: everyone, or a list of rules as in "allow". */
function readAudience(reading: YamlReading, { value }: YamlEntry, services: readonly string[]): 'everyone' | readonly AllowRule[] {
  if (reading.textIfAny(value) === 'everyone') return 'everyone';
  if (!reading.isList(value)) {
    reading.report(value, '"for" must be everyone or a list of rules such as { service: members }.');
    return [];
  }
  const rules = reading.list(value, '"for"') ?? [];
  if (rules.length === 0) reading.report(value, '"for" is empty. Leave it out to give the tier to everyone.');
  return rules.flatMap((rule) => readRule(reading, rule, services));
}

function readAllowWord(reading: YamlReading, { value }: YamlEntry): 'everyone' | readonly [] | null {
  if (reading.isMapping(value)) {
    reading.report(value, '"allow" must be everyone, nobody or a list of rules: put a hyphen before the rule.');
    return null;
  }
  const text = reading.text(value, '"allow"');
  if (text === 'everyone') return text;
  if (text === 'nobody') return [];
  if (text !== null)
    reading.report(value, `"allow" must be everyone, nobody or a list of rules such as { service: members }, not the text "${text}".`);
  return null;
}

function readRule(reading: YamlReading, place: YamlNode, services: readonly string[]): readonly AllowRule[] {
  const entries = reading.entries(place, 'A rule of "allow"');
  if (entries === null) return [];
  reading.checkKeys(entries, 'A rule of "allow"', RULE_KEYS, RULE_KEYS_LATER);
  const names = readRuleServices(reading, { service: find(entries, 'service'), services: find(entries, 'services') }, place, services);
  const at = readRulePlace(reading, find(entries, 'at'), names, services);
  const roles = readRoles(reading, find(entries, 'roles'));
  const texts = readRuleTexts(reading, entries);
  const period = readPeriod(reading, { from: find(entries, 'from'), until: find(entries, 'until') });
  if (texts !== null) checkTextsOfTokens(reading, place, names);
  return names.map((service) => ({ service, roles, ...at, ...period, ...(texts === null ? {} : { texts }) }));
}

/** Null where the rule has none of its own. */
function readRuleTexts(reading: YamlReading, entries: readonly YamlEntry[]): Partial<AccessTexts> | null {
  const texts = TEXT_KEYS.flatMap((key) => {
    const map = readTexts(reading, find(entries, key));
    return map === null ? [] : [[key, map] as const];
  });
  return texts.length === 0 ? null : Object.fromEntries(texts);
}

function readRoles(reading: YamlReading, entry: YamlEntry | null): readonly string[] {
  if (entry === null) return [];
  const places = reading.list(entry.value, '"roles"') ?? [];
  if (reading.isList(entry.value) && places.length === 0) {
    reading.report(entry.value, '"roles" is empty. Leave it out to allow whoever has been through the service.');
  }
  return onlyTexts(places.map((place) => readRole(reading, place)));
}

function readRole(reading: YamlReading, place: YamlNode): string | null {
  const role = reading.text(place, 'A role');
  if (role !== null && !ROLE_NAME.test(role))
    reading.report(place, `"${role}" is no role name: no spaces, commas or quotes, at most 64 characters.`);
  return role;
}
