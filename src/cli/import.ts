import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { formatAccessFileError, parseAccessFile } from '../config/access-file.ts';
import { importCsv } from '../config/import/csv.ts';
import { type DigilibImages, importDigilib } from '../config/import/digilib.ts';
import { META_ENDING } from '../config/import/digilib-meta.ts';
import type { Imported, ImportWishes } from '../config/import/draft.ts';
import { importLoris, RULES_ENDING } from '../config/import/loris.ts';
import { importSeed } from '../config/import/seed.ts';
import { formatRemark, writeDraft } from '../config/import/write-draft.ts';
import { fileSentence } from './file-sentence.ts';

export interface ImportCommand {
  readonly from: 'digilib' | 'loris' | 'seed' | 'csv';
  readonly file: string;
  readonly digilibConfig: string | null;
  /** The folder of images of digilib; null where it is not to be read. */
  readonly images: string | null;
  /** Null for standard output. */
  readonly out: string | null;
  /** Writes over what is there. */
  readonly force: boolean;
  readonly wishes: ImportWishes;
  /** What was asked for. */
  print(text: string): void;
  /** A line about it. */
  say(line: string): void;
}

/** `vitrine import`: 0 with an access file that was read back; 1 without one, and a line for each reason. */
export async function runImport(command: ImportCommand): Promise<number> {
  const { out, force, print, say } = command;
  const imported = await readAll(command).catch((error: unknown) => reasonOf(error));
  if (typeof imported === 'string') {
    say(imported);
    return 1;
  }
  if (!imported.ok) {
    for (const mistake of imported.mistakes) say(formatRemark(mistake));
    return 1;
  }
  const text = writeDraft(imported.draft, basename(command.file));
  const read = parseAccessFile(text, out === null ? 'access.yaml' : basename(out));
  if (!read.ok) {
    for (const error of read.errors) say(formatAccessFileError(error));
    say('What came out is no valid access file, so nothing was written.');
    return 1;
  }
  const obstacle = out === null ? print(text) : await write(out, text, force);
  if (typeof obstacle === 'string') {
    say(obstacle);
    return 1;
  }
  for (const remark of imported.draft.remarks) say(formatRemark(remark));
  for (const warning of read.warnings) say(`${formatAccessFileError(warning)} (warning)`);
  const { services, policies } = read.model;
  say(
    `${out ?? 'The access file'} is valid: access services: ${services.size}; policies: ${policies.length}; remarks: ${imported.draft.remarks.length}.`,
  );
  return 0;
}

async function readAll({ from, file, digilibConfig, images, wishes }: ImportCommand): Promise<Imported> {
  if (from === 'loris') return readLoris(file, wishes);
  const name = basename(file);
  const text = await readText(file);
  if (from === 'seed') return importSeed(name, text, wishes);
  if (from === 'csv') return importCsv(name, text, wishes);
  const config = digilibConfig === null ? null : { name: basename(digilibConfig), text: await readText(digilibConfig) };
  return importDigilib({ name, text }, config, wishes, images === null ? null : await readDigilibImages(images));
}

async function readDigilibImages(folder: string): Promise<DigilibImages> {
  const names = await namesIn(folder);
  const paths = names.filter((name) => name.endsWith(META_ENDING)).toSorted();
  return { names: new Set(names), metadata: await readFiles(folder, paths) };
}

/** Paths of the files in it, and in folders in it. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? [relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')] : []));
}

async function readFiles(
  folder: string,
  paths: readonly string[],
): Promise<ReadonlyArray<{ readonly path: string; readonly text: string }>> {
  const files = [];
  for (const path of paths) files.push({ path, text: await readText(join(folder, path)) });
  return files;
}

/** Whole folders of images have as many files as they have. */
const MOST_RULES = 20_000;

async function readLoris(file: string, wishes: ImportWishes): Promise<Imported> {
  if (!(await stat(file)).isDirectory()) {
    if (!file.endsWith(RULES_ENDING)) return nothingThere(basename(file), `The name of a file of rules ends in ${RULES_ENDING}.`);
    return importLoris([{ path: basename(file), text: await readText(file) }], new Set(), wishes);
  }
  const names = await namesIn(file);
  const rules = names.filter((name) => name.endsWith(RULES_ENDING)).toSorted();
  if (rules.length === 0) return nothingThere(basename(file), `The folder has no ${RULES_ENDING}, so there is nothing to import.`);
  if (rules.length > MOST_RULES)
    return nothingThere(basename(file), `The folder has more than ${MOST_RULES} files of rules. Import a folder below it, with --below.`);
  return importLoris(await readFiles(file, rules), new Set(names), wishes);
}

function nothingThere(file: string, sentence: string): Imported {
  return { ok: false, mistakes: [{ file, line: 1, sentence }] };
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NotText(`${file} is not text in UTF-8.`);
  }
}

class NotText extends Error {}

/** Why it could not be written; null where it was. */
async function write(out: string, text: string, force: boolean): Promise<string | null> {
  try {
    await writeFile(out, text, { flag: force ? 'w' : 'wx' });
    return null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      return `${out} is there already. Name another file, or say --force to write over it.`;
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  const sentence = error instanceof NotText ? error.message : fileSentence(error);
  if (sentence === null) throw error;
  return sentence;
}
