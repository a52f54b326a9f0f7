import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { checkCombinations, type DiskKind } from './check-combinations.ts';
import { readVariables, type Variable, type Variables } from './environment-variables.ts';
import type { OptionCommand } from './option-kinds.ts';
import { flagName, OPTION_KEYS, type OptionKey, type OptionOrigin, type Options, optionRow, optionsOf } from './options.ts';
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
  /** Tests set the clock; else it is that of this machine. */
  readonly now?: Date;
}

/** The one place where loading touches files. */
export interface Disk {
  /** Throws when it cannot be read. */
  read(file: string): string;
  kind(name: string): DiskKind;
  /** Whether every account of this machine may read it. */
  isOpenToAll(file: string): boolean;
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

/** Flag before environment before env file before options file before default; every mistake is reported, not only the first. */
export function loadOptions(input: OptionsInput): LoadedOptions {
  const errors: string[] = [];
  const variables = readVariables(input, errors);
  const file = readFile(input, variables, errors);
  const options: Partial<Record<OptionKey, unknown>> = {};
  const origins: Partial<Record<OptionKey, OptionOrigin>> = {};

  for (const key of OPTION_KEYS) {
    const given = findGiven(key, { input, variables, file }, errors);
    origins[key] = given?.origin ?? 'default';
    options[key] = given === null ? defaultOf(key, input.folder) : checked(key, given, errors);
  }
  if (errors.length > 0) return { ok: false, errors };

  const complete = options as unknown as Options;
  const completeOrigins = origins as Record<OptionKey, OptionOrigin>;
  const combined = checkCombinations(complete, completeOrigins, { ...input, now: input.now ?? new Date() });
  if (combined.errors.length > 0) return { ok: false, errors: combined.errors };
  const notices = [...variables.notices(), ...combined.notices];
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
  isOpenToAll: (file) => (statSync(file, { throwIfNoEntry: false })?.mode ?? 0) % 8 >= 4,
};

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

interface ReadFile extends OptionsFile {
  readonly name: string;
  readonly folder: string;
}

function readFile(input: OptionsInput, variables: Variables, errors: string[]): ReadFile | null {
  const named = variables.find('config')?.variable;
  const given = input.flags.config ?? named?.value;
  if (given === undefined || given === true || given === '') return null;
  const file = resolve(input.flags.config === undefined ? (named?.folder ?? input.folder) : input.folder, given);
  const content = readOr(() => input.disk.read(file), null);
  if (content === null) {
    errors.push(`The options file ${given} could not be read.`);
    return null;
  }
  const parsed = parseOptionsFile(content, basename(file));
  errors.push(...parsed.errors);
  return { ...parsed, name: basename(file), folder: dirname(file) };
}

interface Sources {
  readonly input: OptionsInput;
  readonly variables: Variables;
  readonly file: ReadFile | null;
}

function findGiven(key: OptionKey, { input, variables, file }: Sources, errors: string[]): Given | null {
  const flag = input.flags[key];
  if (flag !== undefined) {
    const value = flag === true ? true : optionRow(key).fromText(flag);
    return { value, origin: 'flag', name: flagName(key), folder: input.folder };
  }
  const found = variables.find(key);
  if (found !== null) {
    const { value, name, folder } = found.variable;
    const content = found.isFile ? readSecret(value, found.variable, input, errors) : value;
    return content === null || content === '' ? null : { value: optionRow(key).fromText(content), origin: 'environment', name, folder };
  }
  const entry = file?.values.get(key);
  if (file === null || entry === undefined || entry.value === null) return null;
  const name = `${file.name}:${entry.line}: ${key}`;
  const value =
    isFileName(entry.value) && optionRow(key).secret === true
      ? readSecret(entry.value.file, { name, folder: file.folder }, input, errors)
      : entry.value;
  return value === null ? null : { value, origin: 'file', name, folder: file.folder };
}

/** Container platforms hand secrets over in files; the line break at the end is none of it. */
function readSecret(file: string, at: Pick<Variable, 'name' | 'folder'>, input: OptionsInput, errors: string[]): string | null {
  const content = readOr(() => input.disk.read(resolve(at.folder, file)), null);
  if (content === null) errors.push(`The file that ${at.name} names could not be read.`);
  return content?.replace(/\r?\n$/, '') ?? null;
}

/** `smtpUrl: { file: /run/secrets/smtp }` in the options file, as in the identity file. */
function isFileName(value: unknown): value is { readonly file: string } {
  return (
    typeof value === 'object' && value !== null && Object.keys(value).join() === 'file' && 'file' in value && typeof value.file === 'string'
  );
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
