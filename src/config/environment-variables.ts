import { basename, dirname, resolve } from 'node:path';
import { nearestWord } from '../lib/nearest-word.ts';
import { parseEnvFile } from './env-file.ts';
import { environmentName, OPTION_KEYS, type OptionKey, optionRow } from './options.ts';

/** What there is to read; the rest of what options are read from is not needed here. */
interface Surroundings {
  readonly flags: { readonly envFile?: string | true };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly disk: { read(file: string): string; isOpenToAll(file: string): boolean };
}

/** A variable of the environment, or of the env file. */
export interface Variable {
  readonly value: string;
  /** How a sentence names the place: `VITRINE_PORT`, `.env:3: VITRINE_PORT`. */
  readonly name: string;
  /** From which relative names in the value count. */
  readonly folder: string;
}

export interface Variables {
  /** What counts for an option, or names the file of a secret; null where neither is there, or both are empty. */
  find(key: OptionKey): { readonly variable: Variable; readonly isFile: boolean } | null;
  /** What is most likely not meant, as sentences. */
  notices(): readonly string[];
}

/** The environment before the env file that a flag or the environment names. */
export function readVariables(input: Surroundings, errors: string[]): Variables {
  const file = readEnvFile(input, errors);
  const sources: readonly Source[] = [ofEnvironment(input), ...(file === null ? [] : [ofEnvFile(file)])];
  for (const source of sources) errors.push(...wrongFiles(source));
  const find = (key: OptionKey): ReturnType<Variables['find']> => {
    for (const get of sources) {
      const variable = get(environmentName(key));
      if (variable !== null) return { variable, isFile: false };
      const inFile = optionRow(key).secret === true ? get(`${environmentName(key)}_FILE`) : null;
      if (inFile !== null) return { variable: inFile, isFile: true };
    }
    return null;
  };
  return {
    find,
    notices: () => [
      ...misspelt('The environment', Object.keys(input.environment)),
      ...(file === null
        ? []
        : [
            ...misspelt(`The env file ${file.name}`, [...file.values.keys()]),
            ...namesOfOthers(file, find),
            ...readableSecrets(file, input),
          ]),
    ],
  };
}

/** Null for what is not there, or empty. */
type Source = (name: string) => Variable | null;

function ofEnvironment({ environment, folder }: Surroundings): Source {
  return (name) => {
    const value = environment[name];
    return value === undefined || value === '' ? null : { value, name, folder };
  };
}

function ofEnvFile(file: ReadEnvFile): Source {
  return (name) => {
    const entry = file.values.get(name);
    return entry === undefined || entry.value === ''
      ? null
      : { value: entry.value, name: `${file.name}:${entry.line}: ${name}`, folder: file.folder };
  };
}

function wrongFiles(get: Source): readonly string[] {
  return OPTION_KEYS.flatMap((key) => {
    const variable = environmentName(key);
    const inFile = get(`${variable}_FILE`);
    if (inFile === null) return [];
    if (optionRow(key).secret !== true) return [`${inFile.name}: only secrets can be in a file of their own; give ${variable} itself.`];
    return get(variable) === null ? [] : [`${inFile.name}: ${variable} is set too. Give one of them.`];
  });
}

interface ReadEnvFile extends ReturnType<typeof parseEnvFile> {
  readonly path: string;
  readonly name: string;
  readonly folder: string;
}

function readEnvFile({ flags, environment, folder, disk }: Surroundings, errors: string[]): ReadEnvFile | null {
  const given = flags.envFile ?? environment[environmentName('envFile')];
  if (given === undefined || given === true || given === '') return null;
  const path = resolve(folder, given);
  try {
    const parsed = parseEnvFile(disk.read(path), basename(path));
    errors.push(...parsed.errors);
    if (parsed.values.has(environmentName('envFile'))) errors.push(`${basename(path)}: an env file cannot name another one`);
    return { ...parsed, path, name: basename(path), folder: dirname(path) };
  } catch {
    errors.push(`The env file ${given} could not be read.`);
    return null;
  }
}

/** A variable that is nearly one of ours is announced; others with our prefix may belong to somebody else. */
function misspelt(where: string, names: readonly string[]): readonly string[] {
  const known = new Set(OPTION_KEYS.flatMap((key) => [environmentName(key), `${environmentName(key)}_FILE`]));
  return names
    .filter((name) => name.startsWith('VITRINE_') && !known.has(name))
    .flatMap((name) => {
      const meant = nearestWord(name, known);
      return meant === null ? [] : [`${where} holds ${name}, which is not an option; did you mean ${meant}?`];
    });
}

/** Settings of the stack iiif-image-auth: who moves from there brings its file along. */
const OF_IIIF_IMAGE_AUTH: ReadonlyMap<string, { readonly key: OptionKey; readonly note: string }> = new Map([
  ['VIRTUAL_HOST', { key: 'publicUrl', note: ', with https:// before the name' }],
  ['IMAGE_DIR', { key: 'images', note: '' }],
  ['MANIFEST_DIR', { key: 'manifests', note: '' }],
  ['AUTH_ADMIN_USERID', { key: 'firstAdministratorName', note: '' }],
  ['AUTH_ADMIN_PASSWORD', { key: 'firstAdministratorPassword', note: '' }],
  ['LETSENCRYPT_EMAIL', { key: 'acmeEmail', note: ', and goes with VITRINE_TLS=acme' }],
  ['AUTH_DB_CONNECTION', { key: 'data', note: ', the folder that holds the database' }],
]);

function namesOfOthers({ name, values }: ReadEnvFile, find: Variables['find']): readonly string[] {
  return [...OF_IIIF_IMAGE_AUTH].flatMap(([theirs, { key, note }]) => {
    const entry = values.get(theirs);
    return entry === undefined || find(key) !== null
      ? []
      : [`${name}:${entry.line}: ${theirs} is not read here; it is called ${environmentName(key)}${note}.`];
  });
}

function readableSecrets({ name, path, values }: ReadEnvFile, { disk }: Surroundings): readonly string[] {
  const secret = OPTION_KEYS.find((key) => optionRow(key).secret === true && (values.get(environmentName(key))?.value ?? '') !== '');
  if (secret === undefined || !disk.isOpenToAll(path)) return [];
  return [`Everybody on this machine may read ${name}, and ${environmentName(secret)} in it is a secret: chmod 600 ${name}`];
}
