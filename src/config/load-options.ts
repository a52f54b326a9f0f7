import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { nearestWord } from '../lib/nearest-word.ts';
import { checkCombinations, type DiskKind } from './check-combinations.ts';
import type { OptionCommand } from './option-kinds.ts';
import {
  environmentName,
  flagName,
  OPTION_KEYS,
  type OptionKey,
  type OptionOrigin,
  type Options,
  optionRow,
  optionsOf,
} from './options.ts';
import { type OptionsFile, parseOptionsFile } from './options-file.ts';

/** What loading needs of the outside; tests hand in their own. */
export interface OptionsInput {
  readonly command: OptionCommand;
  /** By option key, as typed; true for a bare flag. */
  readonly flags: Readonly<Partial<Record<OptionKey, string | true>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Relative names in flags and environment count from here. */
  readonly folder: string;
  readonly disk: Disk;
}

/** The one place where loading touches files. */
export interface Disk {
  /** Throws when it cannot be read. */
  read(file: string): string;
  kind(name: string): DiskKind;
}

export type LoadedOptions =
  | {
      readonly ok: true;
      readonly options: Options;
      readonly origins: Readonly<Record<OptionKey, OptionOrigin>>;
      /** Unsafe or surprising choices, one sentence each, to be said once at the start. */
      readonly notices: readonly string[];
    }
  | { readonly ok: false; readonly errors: readonly string[] };

interface Given {
  readonly value: unknown;
  readonly origin: OptionOrigin;
  /** How a sentence names the place: `--port`, `VITRINE_PORT`, `vitrine.yaml:3: port`. */
  readonly name: string;
  readonly folder: string;
}

/** Flag before environment before file before default; every mistake is reported, not only the first. */
export function loadOptions(input: OptionsInput): LoadedOptions {
  const errors: string[] = [];
  const file = readFile(input, errors);
  const options: Partial<Record<OptionKey, unknown>> = {};
  const origins: Partial<Record<OptionKey, OptionOrigin>> = {};

  for (const key of OPTION_KEYS) {
    const given = findGiven(key, input, file, errors);
    origins[key] = given?.origin ?? 'default';
    options[key] = given === null ? defaultOf(key, input.folder) : checked(key, given, errors);
  }
  if (errors.length > 0) return { ok: false, errors };

  const complete = options as unknown as Options;
  const completeOrigins = origins as Record<OptionKey, OptionOrigin>;
  const combined = checkCombinations(complete, completeOrigins, input);
  if (combined.errors.length > 0) return { ok: false, errors: combined.errors };
  const notices = [...misspelt(input.environment), ...combined.notices];
  return { ok: true, options: complete, origins: completeOrigins, notices };
}

/** The disk of this machine. */
export const realDisk: Disk = {
  read: (file) => readFileSync(file, 'utf8'),
  kind: (name) => {
    try {
      const isFolder = statSync(name).isDirectory();
      accessSync(name, isFolder ? constants.R_OK | constants.X_OK : constants.R_OK);
      return isFolder ? 'folder' : 'file';
    } catch (error) {
      return isAbsent(error) ? 'nothing' : 'closed';
    }
  },
};

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

interface ReadFile extends OptionsFile {
  readonly name: string;
  readonly folder: string;
}

function readFile(input: OptionsInput, errors: string[]): ReadFile | null {
  const given = input.flags.config ?? input.environment[environmentName('config')];
  if (given === undefined || given === true || given === '') return null;
  const file = resolve(input.folder, given);
  const content = readOr(() => input.disk.read(file), null);
  if (content === null) {
    errors.push(`The options file ${given} could not be read.`);
    return null;
  }
  const parsed = parseOptionsFile(content, basename(file));
  errors.push(...parsed.errors);
  return { ...parsed, name: basename(file), folder: dirname(file) };
}

function findGiven(key: OptionKey, input: OptionsInput, file: ReadFile | null, errors: string[]): Given | null {
  const flag = input.flags[key];
  if (flag !== undefined) {
    const value = flag === true ? true : optionRow(key).fromText(flag);
    return { value, origin: 'flag', name: flagName(key), folder: input.folder };
  }
  const variable = environmentName(key);
  const content = input.environment[variable] ?? secretFromFile(key, input, errors);
  if (content !== undefined && content !== '') {
    return { value: optionRow(key).fromText(content), origin: 'environment', name: variable, folder: input.folder };
  }
  const entry = file?.values.get(key);
  if (file === null || entry === undefined || entry.value === null) return null;
  return { value: entry.value, origin: 'file', name: `${file.name}:${entry.line}: ${key}`, folder: file.folder };
}

/** `VITRINE_X_FILE` names a file that holds the secret, as container platforms hand secrets over. */
function secretFromFile(key: OptionKey, input: OptionsInput, errors: string[]): string | undefined {
  const variable = `${environmentName(key)}_FILE`;
  const file = input.environment[variable];
  if (optionRow(key).secret !== true || file === undefined || file === '') return undefined;
  const content = readOr(() => input.disk.read(resolve(input.folder, file)), null);
  if (content === null) errors.push(`The file that ${variable} names could not be read.`);
  return content?.replace(/\r?\n$/, '');
}

function checked(key: OptionKey, given: Given, errors: string[]): unknown {
  const row = optionRow(key);
  const parsed = row.schema.safeParse(given.value);
  if (!parsed.success) {
    const seen = row.secret === true ? '' : `, not ${JSON.stringify(given.value)}`;
    errors.push(`${given.name} must be ${row.expects}${seen}.`);
    return undefined;
  }
  return inFolder(key, parsed.data, given.folder);
}

function defaultOf(key: OptionKey, folder: string): unknown {
  return inFolder(key, optionRow(key).default, folder);
}

function inFolder(key: OptionKey, value: unknown, folder: string): unknown {
  const row = optionRow(key);
  return row.inFolder === undefined ? value : row.inFolder(value, (name) => resolve(folder, name));
}

/** A variable that is nearly one of ours is announced; others with our prefix may belong to somebody else. */
function misspelt(environment: OptionsInput['environment']): string[] {
  const known = new Set(OPTION_KEYS.flatMap((key) => [environmentName(key), `${environmentName(key)}_FILE`]));
  return Object.keys(environment)
    .filter((name) => name.startsWith('VITRINE_') && !known.has(name))
    .flatMap((name) => {
      const meant = nearestWord(name, known);
      return meant === null ? [] : [`The environment holds ${name}, which is not an option; did you mean ${meant}?`];
    });
}

function readOr<T>(read: () => string, otherwise: T): string | T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** Flags as a parser of command lines names them, by option key. Unknown names are left out. */
export function flagsOf(command: OptionCommand, parsed: Readonly<Record<string, unknown>>): OptionsInput['flags'] {
  const flags: Partial<Record<OptionKey, string | true>> = {};
  for (const key of optionsOf(command)) {
    const value = parsed[key];
    if (typeof value === 'string' || value === true) flags[key] = value;
  }
  return flags;
}
