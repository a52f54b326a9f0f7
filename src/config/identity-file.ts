import { nearestWord } from '../lib/nearest-word.ts';
import { completeSource } from './complete-source.ts';
import type { Field } from './identity-fields.ts';
import { readRoleRules } from './identity-roles.ts';
import type { SecretReader } from './identity-secrets.ts';
import {
  type IdentitySettings,
  SOURCE_FIELDS,
  SOURCE_NAME,
  SOURCE_TYPES,
  type SourceSettings,
  type SourceType,
} from './identity-sources.ts';
import { type YamlEntry, type YamlMistake, YamlReading } from './yaml-reading.ts';

export type IdentityFileResult =
  | { readonly ok: true; readonly sources: ReadonlyMap<string, IdentitySettings>; readonly warnings: readonly YamlMistake[] }
  | { readonly ok: false; readonly errors: readonly YamlMistake[] };

/** In `access.yaml`, accounts of our own. */
const RESERVED_NAMES = ['local'];

/** Reads `identity.yaml`: all sources, or every mistake at once. `fileName` is for the sentences. */
export function parseIdentityFile(text: string, fileName: string, secrets: SecretReader): IdentityFileResult {
  const reading = new YamlReading(text, fileName);
  const sources = reading.mistakes.length === 0 || reading.root.node !== null ? readSources(reading, secrets) : [];
  if (reading.mistakes.length > 0)
    return { ok: false, errors: reading.mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column) };
  const warnings = sources.flatMap(({ settings, place }) =>
    warn(settings).map((sentence) => ({ file: fileName, ...reading.position(place.keyNode), sentence })),
  );
  return { ok: true, sources: new Map(sources.map(({ settings }) => [settings.name, settings])), warnings };
}

interface PlacedSource {
  readonly settings: IdentitySettings;
  readonly place: YamlEntry;
}

function readSources(reading: YamlReading, secrets: SecretReader): readonly PlacedSource[] {
  if (reading.root.node === null) {
    reading.report(reading.root, 'The file is empty. It must have sources.');
    return [];
  }
  const entries = reading.entries(reading.root, 'The file');
  if (entries === null) return [];
  reading.checkKeys(entries, 'The file', ['sources'], []);
  const list = entries.find(({ key }) => key === 'sources');
  if (list === undefined) {
    reading.report(reading.root, 'The file has no sources.');
    return [];
  }
  const sources = reading.entries(list.value, '"sources"') ?? [];
  if (reading.isMapping(list.value) && sources.length === 0) reading.report(list.value, '"sources" is empty.');
  return sources.flatMap((place) => {
    const settings = readSource(reading, place, secrets);
    return settings === null ? [] : [{ settings, place }];
  });
}

function readSource(reading: YamlReading, { key: name, keyNode, value }: YamlEntry, secrets: SecretReader): IdentitySettings | null {
  const before = reading.mistakes.length;
  if (!SOURCE_NAME.test(name)) {
    reading.report(keyNode, `The source name "${name}" is part of an address: lower-case letters, digits and hyphens only, at most 64.`);
  }
  if (RESERVED_NAMES.includes(name)) reading.report(keyNode, `"${name}" stands for the accounts of Vitrine itself. Choose another name.`);
  const entries = reading.entries(value, `Source "${name}"`);
  if (entries === null) return null;
  const type = readType(reading, entries, { name, keyNode });
  if (type === null) return null;
  const fields: Readonly<Record<string, Field<unknown>>> = SOURCE_FIELDS[type];
  reading.checkKeys(entries, `A source of type ${type}`, ['type', 'roles', ...Object.keys(fields)], []);
  const values = Object.entries(fields).map(([key, field]) => {
    const entry = entries.find((each) => each.key === key) ?? null;
    if (entry !== null) return [key, field.read(entry, { reading, secrets })] as const;
    if (field.absent === undefined) reading.report(keyNode, `Source "${name}" has no ${key}. ${field.sentence}`);
    return [key, field.absent] as const;
  });
  const roles = readRoleRules(reading, entries.find(({ key }) => key === 'roles') ?? null);
  if (reading.mistakes.length > before) return null;
  // Each value was read by the field of its key, and all are there: the table of fields is what the type is made of.
  const written = { type, name, roles, ...Object.fromEntries(values) } as unknown as SourceSettings;
  return completeSource(written, {
    report: (key, sentence) => reading.report(entries.find((each) => each.key === key)?.keyNode ?? keyNode, sentence),
  });
}

function readType(
  reading: YamlReading,
  entries: readonly YamlEntry[],
  source: Pick<YamlEntry, 'keyNode'> & { name: string },
): SourceType | null {
  const entry = entries.find(({ key }) => key === 'type');
  const types = `It can be ${SOURCE_TYPES.join(', ')}.`;
  if (entry === undefined) {
    reading.report(source.keyNode, `Source "${source.name}" has no type. ${types}`);
    return null;
  }
  const given = reading.text(entry.value, '"type"');
  const known = SOURCE_TYPES.find((type) => type === given) ?? null;
  if (given === null || known !== null) return known;
  const near = nearestWord(given, SOURCE_TYPES);
  reading.report(entry.value, `Unknown type "${given}". ${near === null ? types : `Did you mean "${near}"?`}`);
  return null;
}

/** What is valid, and most likely not meant. */
function warn(source: IdentitySettings): readonly string[] {
  if (source.roles.length > 0) return [];
  return [`Source "${source.name}" has no roles: people of it see what needs a sign-in alone, and nothing that needs a role.`];
}
