import type { RoleCondition, RoleRule } from '../domain/map-roles.ts';
import { ROLE_NAME } from '../domain/role-name.ts';
import { readTextList } from './identity-fields.ts';
import type { YamlEntry, YamlNode, YamlReading } from './yaml-reading.ts';
import { onlyTexts } from './yaml-texts.ts';

const RULE_KEYS = ['roles', 'when'];
const GROUP_KEYS = ['all', 'any'];
const LEAF_KEYS = ['attribute', 'is', 'like', 'affiliation', 'scope', 'ignoreCase'];
const HOW = 'It needs is, like, or affiliation with scope.';

/** Deeper than anybody can follow. */
const DEEPEST = 10;

/** The rules of a source; `[]` where it has none. */
export function readRoleRules(reading: YamlReading, entry: YamlEntry | null): readonly RoleRule[] {
  if (entry === null) return [];
  const places = reading.list(entry.value, '"roles"') ?? [];
  return places.flatMap((place, index) => readRule(reading, place, index + 1));
}

function readRule(reading: YamlReading, place: YamlNode, number: number): readonly RoleRule[] {
  const entries = reading.entries(place, `Rule ${number} of "roles"`);
  if (entries === null) return [];
  reading.checkKeys(entries, 'A rule of "roles"', RULE_KEYS, []);
  const roles = readRoles(reading, find(entries, 'roles'), place, number);
  const when = find(entries, 'when');
  const condition = when === null ? null : readCondition(reading, when.value, 1);
  if (when !== null && condition === null) return [];
  return roles.length === 0 ? [] : [{ number, line: reading.position(place).line, roles, when: condition }];
}

function readRoles(reading: YamlReading, entry: YamlEntry | null, rule: YamlNode, number: number): readonly string[] {
  if (entry === null) {
    reading.report(rule, `Rule ${number} has no roles that it could give.`);
    return [];
  }
  const places = reading.isList(entry.value) ? (reading.list(entry.value, '"roles"') ?? []) : [entry.value];
  if (places.length === 0) reading.report(entry.value, `Rule ${number} gives no roles: the list is empty.`);
  return onlyTexts(places.map((place) => readRole(reading, place)));
}

function readRole(reading: YamlReading, place: YamlNode): string | null {
  const role = reading.text(place, 'A role');
  if (role === null || ROLE_NAME.test(role)) return role;
  reading.report(place, `"${role}" is no role name: no spaces, commas or quotes, at most 64 characters.`);
  return null;
}

/** Null after a mistake: half a condition would fit more people than it says. */
function readCondition(reading: YamlReading, place: YamlNode, depth: number): RoleCondition | null {
  const entries = reading.entries(place, 'A condition');
  if (entries === null) return null;
  const before = reading.mistakes.length;
  const group = entries.find(({ key }) => GROUP_KEYS.includes(key)) ?? null;
  const condition = group === null ? readLeaf(reading, entries, place) : readGroup(reading, entries, group, depth);
  return reading.mistakes.length > before ? null : condition;
}

function readGroup(reading: YamlReading, entries: readonly YamlEntry[], group: YamlEntry, depth: number): RoleCondition | null {
  for (const { key, keyNode } of entries) {
    if (key !== group.key) reading.report(keyNode, `"${key}" cannot stand beside "${group.key}". Put it into the list.`);
  }
  if (depth > DEEPEST) {
    reading.report(group.keyNode, `Conditions are more than ${DEEPEST} deep here.`);
    return null;
  }
  const places = reading.list(group.value, `"${group.key}"`) ?? [];
  if (reading.isList(group.value) && places.length === 0) reading.report(group.value, `"${group.key}" is empty.`);
  const of = places.flatMap((each) => readCondition(reading, each, depth + 1) ?? []);
  return { kind: group.key === 'all' ? 'all' : 'any', of };
}

function readLeaf(reading: YamlReading, entries: readonly YamlEntry[], place: YamlNode): RoleCondition | null {
  reading.checkKeys(entries, 'A condition', [...LEAF_KEYS, ...GROUP_KEYS], []);
  const name = find(entries, 'attribute');
  if (name === null) reading.report(place, 'A condition has no attribute; all and any have a list of conditions.');
  const attribute = name === null ? null : reading.text(name.value, '"attribute"');
  const [is, like, affiliation, scope] = ['is', 'like', 'affiliation', 'scope'].map((key) => readValues(reading, find(entries, key)));
  const foldCase = find(entries, 'ignoreCase');
  const ignoreCase = foldCase === null ? false : (reading.truth(foldCase.value, '"ignoreCase"') ?? false);
  const ways = ['is', 'like', 'affiliation', 'scope'].filter((key) => find(entries, key) !== null);
  if (attribute === null) return null;
  if (is != null && ways.length === 1) return { kind: 'is', attribute, values: is, ignoreCase };
  if (like != null && ways.length === 1) return { kind: 'like', attribute, patterns: like, ignoreCase };
  if (affiliation != null && scope != null && ways.length === 2) {
    if (foldCase !== null) reading.report(foldCase.keyNode, 'Affiliations and scopes never heed case: leave ignoreCase out.');
    checkScopes(reading, find(entries, 'scope'), scope);
    return { kind: 'scoped', attribute, affiliations: affiliation, scopes: scope };
  }
  reading.report(place, `${findWayMistake(attribute, ways)} ${HOW}`);
  return null;
}

function findWayMistake(attribute: string, ways: readonly string[]): string {
  if (ways.length === 0) return `The condition for ${attribute} says nothing about it.`;
  if (ways.length === 1) return 'affiliation and scope belong together.';
  return `${ways.join(' and ')} cannot stand in one condition.`;
}

function readValues(reading: YamlReading, entry: YamlEntry | null): readonly string[] | null {
  return entry === null ? null : readTextList(reading, entry.value, `"${entry.key}"`);
}

function checkScopes(reading: YamlReading, entry: YamlEntry | null, scopes: readonly string[]): void {
  const wrong = scopes.find((scope) => !/^(\*\.)?[^\s@*?]+$/.test(scope));
  if (entry !== null && wrong !== undefined) {
    reading.report(entry.value, `"${wrong}" is no scope, such as example.edu, or *.example.edu for all that is below it.`);
  }
}

function find(entries: readonly YamlEntry[], key: string): YamlEntry | null {
  return entries.find((entry) => entry.key === key) ?? null;
}
