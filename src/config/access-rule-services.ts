import { TOKENS_SERVICE } from '../domain/personal-token.ts';
import type { YamlEntry, YamlNode, YamlReading } from './yaml-reading.ts';

/** The names that a rule gives: `service` for one, `services` for several that are each enough. */
export function readRuleServices(
  reading: YamlReading,
  entries: { readonly service: YamlEntry | null; readonly services: YamlEntry | null },
  rule: YamlNode,
  known: readonly string[],
): readonly string[] {
  const { service, services } = entries;
  if (service !== null && services !== null) {
    reading.report(services.keyNode, 'A rule has "service" or "services", not both: list them all in "services".');
    return [];
  }
  if (services !== null) return readSeveral(reading, services, known);
  if (service === null) {
    reading.report(rule, 'A rule of "allow" has no service.');
    return [];
  }
  return readName(reading, service.value, '"service"', known);
}

function readSeveral(reading: YamlReading, { value }: YamlEntry, known: readonly string[]): readonly string[] {
  const places = reading.list(value, '"services"') ?? [];
  if (reading.isList(value) && places.length === 0) reading.report(value, '"services" is empty. Name those that are each enough.');
  return [...new Set(places.flatMap((place) => readName(reading, place, 'An entry of "services"', known)))];
}

function readName(reading: YamlReading, place: YamlNode, what: string, known: readonly string[]): readonly string[] {
  const name = reading.text(place, what);
  if (name === null) return [];
  if (name === TOKENS_SERVICE || known.includes(name)) return [name];
  const hint = known.length === 0 ? 'The file has no accessServices.' : `The file has ${known.join(', ')}.`;
  reading.report(place, `There is no access service "${name}". ${hint}`);
  return [];
}

/** `at`: the place where the visitor must be besides. */
export function readRulePlace(
  reading: YamlReading,
  entry: YamlEntry | null,
  names: readonly string[],
  known: readonly string[],
): { readonly at?: string } {
  const [at] = entry === null ? [] : readName(reading, entry.value, '"at"', known);
  if (entry === null || at === undefined) return {};
  if (names.includes(at)) reading.report(entry.value, `A rule of service "${at}" needs no "at: ${at}".`);
  if (at === TOKENS_SERVICE) reading.report(entry.value, `"${at}" is no place to be at.`);
  return { at };
}

/** Texts are for viewers, and no viewer is told of tokens. */
export function checkTextsOfTokens(reading: YamlReading, rule: YamlNode, names: readonly string[]): void {
  if (names.length === 0 || names.some((name) => name !== TOKENS_SERVICE)) return;
  reading.report(rule, `A rule for ${TOKENS_SERVICE} alone has no texts: viewers are not told of it.`);
}

/** `tokens` is whoever comes with a personal access token. */
export function checkReservedName(reading: YamlReading, { key, keyNode }: YamlEntry): void {
  if (key !== TOKENS_SERVICE) return;
  reading.report(keyNode, `The service name "${key}" is reserved: rules call by it whoever comes with a personal access token.`);
}
