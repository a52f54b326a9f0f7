import type { LanguageMap } from '../lib/language-map.ts';
import { type Network, parseNetwork } from '../lib/network.ts';
import type { SecretReader } from './identity-secrets.ts';
import type { YamlEntry, YamlNode, YamlReading } from './yaml-reading.ts';
import { onlyTexts, readTexts } from './yaml-texts.ts';

/** What reading a value needs beside the value. */
export interface FieldReading {
  readonly reading: YamlReading;
  readonly secrets: SecretReader;
}

/** What a row of a table says itself. */
export interface FieldFacts {
  /** One sentence for the person who writes the file: reference page and schema show it. */
  readonly sentence: string;
}

/** One key of an identity source: what it is, and how it is read. */
export interface Field<T> extends FieldFacts {
  /** How the reference page names the value. */
  readonly expects: string;
  /** How the default reads; null for a key that must be there, empty for one that may be left out. */
  readonly defaultText: string | null;
  /** JSON Schema of the value. */
  readonly schema: object;
  /** What counts where the key is not there; `undefined` where it must be. */
  readonly absent: T | undefined;
  /** Null after a mistake was reported. */
  read(entry: YamlEntry, reading: FieldReading): T | null;
}

/** The read values of a table of fields. */
export type FieldValues<Fields> = { readonly [Key in keyof Fields]: Fields[Key] extends Field<infer T> ? T : never };

const TEXT = { type: 'string', pattern: '\\S' };

export function requiredText(facts: FieldFacts & { pattern?: RegExp; expects?: string }): Field<string> {
  return { expects: 'a text', ...facts, defaultText: null, schema: TEXT, absent: undefined, read: readText(facts) };
}

export function optionalText(facts: FieldFacts & { pattern?: RegExp; expects?: string }): Field<string | null> {
  return { expects: 'a text', ...facts, defaultText: '', schema: TEXT, absent: null, read: readText(facts) };
}

export function text(facts: FieldFacts & { default: string; pattern?: RegExp; expects?: string }): Field<string> {
  return { expects: 'a text', ...facts, defaultText: facts.default, schema: TEXT, absent: facts.default, read: readText(facts) };
}

function readText({ pattern, expects }: { pattern?: RegExp; expects?: string }): Field<string>['read'] {
  return ({ key, value }, { reading }) => {
    const given = reading.text(value, `"${key}"`);
    if (given === null || pattern === undefined || pattern.test(given)) return given;
    reading.report(value, `"${key}" must be ${expects ?? 'another text'}.`);
    return null;
  };
}

export function labels(facts: FieldFacts): Field<LanguageMap> {
  return {
    ...facts,
    expects: 'a text, or texts by language',
    defaultText: null,
    schema: { $ref: '#/$defs/texts' },
    absent: undefined,
    read: (entry, { reading }) => readTexts(reading, entry),
  };
}

export function yesOrNo(facts: FieldFacts & { default: boolean }): Field<boolean> {
  return {
    ...facts,
    expects: 'true or false',
    defaultText: String(facts.default),
    schema: { type: 'boolean' },
    absent: facts.default,
    read: ({ key, value }, { reading }) => reading.truth(value, `"${key}"`),
  };
}

/** A whole number within both bounds. */
export function integer(facts: FieldFacts & { default: number; min: number; max: number }): Field<number> {
  const expects = `a whole number from ${facts.min} to ${facts.max}`;
  return {
    ...facts,
    expects,
    defaultText: String(facts.default),
    schema: { type: 'integer', minimum: facts.min, maximum: facts.max },
    absent: facts.default,
    read: ({ key, value }, { reading }) => {
      const number = reading.number(value, `"${key}"`);
      if (number === null || (Number.isInteger(number) && number >= facts.min && number <= facts.max)) return number;
      reading.report(value, `"${key}" must be ${expects}.`);
      return null;
    },
  };
}

export function choice<const T extends string>(facts: FieldFacts & { default: NoInfer<T>; of: readonly T[] }): Field<T> {
  const expects = `one of ${facts.of.join(', ')}`;
  return {
    ...facts,
    expects,
    defaultText: facts.default,
    schema: { enum: facts.of },
    absent: facts.default,
    read: ({ key, value }, { reading }) => {
      const given = reading.text(value, `"${key}"`);
      const known = facts.of.find((each) => each === given) ?? null;
      if (given !== null && known === null) reading.report(value, `"${key}" must be ${expects}, not "${given}".`);
      return known;
    },
  };
}

/** A list of texts, or one alone. */
export function texts(facts: FieldFacts & { default: readonly string[] }): Field<readonly string[]> {
  return {
    ...facts,
    expects: 'a list of texts, or one',
    defaultText: facts.default.join(', '),
    schema: { anyOf: [TEXT, { type: 'array', minItems: 1, items: TEXT }] },
    absent: facts.default,
    read: ({ key, value }, { reading }) => readTextList(reading, value, `"${key}"`),
  };
}

/** A list of texts, or one alone; null after a mistake. */
export function readTextList(reading: YamlReading, value: YamlNode, what: string): readonly string[] | null {
  const places = reading.isList(value) ? (reading.list(value, what) ?? []) : [value];
  if (places.length === 0) reading.report(value, `${what} is empty.`);
  const given = onlyTexts(places.map((place) => reading.text(place, what)));
  return given.length === 0 || given.length < places.length ? null : given;
}

/** Names of ours, each with the name that the source has for it. */
export function names(facts: FieldFacts): Field<ReadonlyMap<string, string>> {
  return {
    ...facts,
    expects: 'names of attributes, each with the name that the source uses',
    defaultText: '',
    schema: { type: 'object', additionalProperties: TEXT },
    absent: new Map(),
    read: ({ key, value }, { reading }) => {
      const entries = reading.entries(value, `"${key}"`);
      if (entries === null) return null;
      const pairs = entries.map((entry) => [entry.key, reading.text(entry.value, `"${entry.key}"`)] as const);
      return new Map(pairs.flatMap(([name, outside]) => (outside === null ? [] : [[name, outside] as const])));
    },
  };
}

/** Addresses and networks; at least one. */
export function networks(facts: FieldFacts): Field<readonly Network[]> {
  return {
    ...facts,
    expects: 'a list of addresses and networks such as 192.0.2.7 or 2001:db8::/64',
    defaultText: null,
    schema: { type: 'array', minItems: 1, items: TEXT },
    absent: undefined,
    read: ({ key, value }, { reading }) => {
      const places = reading.list(value, `"${key}"`);
      if (places === null) return null;
      if (places.length === 0) reading.report(value, `"${key}" is empty. List the addresses of the proxies.`);
      return places.flatMap((place) => readNetwork(reading, place));
    },
  };
}

function readNetwork(reading: YamlReading, place: YamlNode): readonly Network[] {
  const given = reading.text(place, 'A network');
  const network = given === null ? null : parseNetwork(given);
  if (network === null) return [];
  if ('mistake' in network) {
    reading.report(place, network.mistake);
    return [];
  }
  if (network.bits > 0) return [network];
  reading.report(place, `"${network.text}" is every address there is: anybody could claim to be anybody.`);
  return [];
}

/** A web address without credentials: https, or http on this machine. */
export function webAddress(facts: FieldFacts): Field<string> {
  return { ...optionalWebAddress(facts), defaultText: null, absent: undefined, read: readAddress(['https:'], ['http:']) };
}

export function optionalWebAddress(facts: FieldFacts): Field<string | null> {
  return {
    ...facts,
    expects: 'an https address; http on this machine only',
    defaultText: '',
    schema: { type: 'string', format: 'uri', pattern: '^https?://' },
    absent: null,
    read: readAddress(['https:'], ['http:']),
  };
}

/** The address of a directory: `ldaps://`, or `ldap://`, of which `checkSource` asks more. */
export function directoryAddress(facts: FieldFacts): Field<string> {
  return {
    ...facts,
    expects: 'an address such as ldaps://ldap.example.edu',
    defaultText: null,
    schema: { type: 'string', format: 'uri', pattern: '^ldaps?://' },
    absent: undefined,
    read: readAddress(['ldaps:', 'ldap:'], []),
  };
}

function readAddress(anywhere: readonly string[], onThisMachine: readonly string[]): Field<string>['read'] {
  const examples = anywhere.map((scheme) => `${scheme}//`).join(' or ');
  return ({ key, value }, { reading }) => {
    const given = reading.text(value, `"${key}"`);
    if (given === null) return null;
    const mistake = findAddressMistake(given);
    if (mistake !== null) {
      reading.report(value, `"${key}" ${mistake}`);
      return null;
    }
    const { protocol, hostname } = new URL(given);
    if (anywhere.includes(protocol)) return given;
    if (onThisMachine.includes(protocol) && isThisMachine(hostname)) return given;
    const other = onThisMachine.length === 0 ? '' : `; ${onThisMachine.map((scheme) => `${scheme}//`).join(', ')} is for this machine only`;
    reading.report(value, `"${key}" must begin with ${examples}${other}.`);
    return null;
  };
}

function findAddressMistake(given: string): string | null {
  if (!URL.canParse(given) || !/^[a-z]+:\/\/[^/?#]/i.test(given)) return 'is no address.';
  const { username, password, hash } = new URL(given);
  if (username !== '' || password !== '') return 'holds a name or password. These have keys of their own.';
  return hash === '' && !given.includes('#') ? null : 'has a fragment (#). Leave it out.';
}

/** Whether a host of a URL is this machine for certain. */
export function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** A secret: itself, the name of a file that holds it, or of an environment variable. */
export function optionalSecret(facts: FieldFacts): Field<string | null> {
  return {
    ...facts,
    expects: 'a text, { file: name } or { env: NAME }',
    defaultText: '',
    schema: { $ref: '#/$defs/secret' },
    absent: null,
    read: readSecret,
  };
}

/** A list of what `secret` takes, or one alone. */
export function optionalSecrets(facts: FieldFacts): Field<readonly string[]> {
  return {
    ...facts,
    expects: 'a text, { file: name } or { env: NAME }, or a list of these',
    defaultText: '',
    schema: { anyOf: [{ $ref: '#/$defs/secret' }, { type: 'array', minItems: 1, items: { $ref: '#/$defs/secret' } }] },
    absent: [],
    read: (entry, around) => {
      if (!around.reading.isList(entry.value)) {
        const one = readSecret(entry, around);
        return one === null ? null : [one];
      }
      const places = around.reading.list(entry.value, `"${entry.key}"`) ?? [];
      if (places.length === 0) around.reading.report(entry.value, `"${entry.key}" is empty.`);
      return onlyTexts(places.map((value) => readSecret({ ...entry, value }, around)));
    },
  };
}

const SECRET_KEYS = ['file', 'env'];

function readSecret({ key, value }: YamlEntry, { reading, secrets }: FieldReading): string | null {
  if (!reading.isMapping(value)) return reading.text(value, `"${key}"`);
  const entries = reading.entries(value, `"${key}"`) ?? [];
  reading.checkKeys(entries, `"${key}"`, SECRET_KEYS, []);
  const [from, ...more] = entries.filter((entry) => SECRET_KEYS.includes(entry.key));
  if (from === undefined || more.length > 0) {
    reading.report(value, `"${key}" must have either file or env.`);
    return null;
  }
  const name = reading.text(from.value, `"${from.key}"`);
  if (name === null) return null;
  const found = from.key === 'file' ? secrets.file(name) : secrets.environment(name);
  if ('mistake' in found) reading.report(from.value, found.mistake);
  return 'mistake' in found ? null : found.text;
}
