import { readFile, writeFile } from 'node:fs/promises';
import { createPasswordHasher } from '../adapters/identity/passwords.ts';
import type { Database } from '../adapters/storage/database.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { createRandomness } from '../adapters/system/randomness.ts';
import { applyImport } from '../flows/admin/apply-import.ts';
import { exportPeople } from '../flows/admin/export-people.ts';
import { type CsvMistake, readPeopleCsv } from '../flows/admin/people-csv.ts';
import type { Doer, PeopleDeps } from '../flows/admin/people-deps.ts';
import { changes, planImport } from '../flows/admin/plan-import.ts';
import { planInWords } from '../flows/admin/plan-in-words.ts';
import { fileSentence } from './file-sentence.ts';
import { recordCommand } from './record-command.ts';
import { USER_EXIT, type UserCommandIo, type UserExit, withDatabase } from './user.ts';

interface OfFile {
  /** The data folder; made when missing. */
  readonly data: string;
  readonly file: string;
}

const SOMEBODY_HERE: Doer = { actor: null, via: 'command line', address: null, userId: null };

/** `vitrine user export FILE`; `-` is standard output. */
export async function runUserExport(options: OfFile, io: UserCommandIo): Promise<UserExit> {
  return withDatabase(options, io, async (db) => {
    const csv = await exportPeople(peopleOf(db), SOMEBODY_HERE, {});
    if (options.file === '-') {
      io.print(csv.trimEnd());
      return USER_EXIT.done;
    }
    try {
      await writeFile(options.file, csv, { mode: 0o600 });
    } catch (error) {
      return complainOfFile(options.file, error, io);
    }
    io.print(`Wrote ${options.file}.`);
    return USER_EXIT.done;
  });
}

/** `vitrine user import FILE --dry-run`: what each line does, or would do; with one mistake in the file, nothing. */
export async function runUserImport(options: OfFile & { readonly dryRun: boolean }, io: UserCommandIo): Promise<UserExit> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(options.file));
  } catch (error) {
    return complainOfFile(options.file, error, io);
  }
  const file = readPeopleCsv(text);
  if (!file.ok) return complain(options.file, file.mistakes, io);
  return withDatabase(options, io, async (db) => {
    const people = peopleOf(db);
    const plan = await planImport(people, SOMEBODY_HERE, file.people);
    if (plan.mistakes.length > 0) return complain(options.file, plan.mistakes, io);
    const wanted = plan.lines.filter(changes);
    for (const line of wanted) io.print(`Line ${line.line}: ${line.name} ${planInWords(line).join('; ')}.`);
    if (wanted.length === 0) io.print('Everybody is as the file says.');
    if (options.dryRun || wanted.length === 0) return USER_EXIT.done;
    const { added, changed, invitations, mistakes } = await applyImport(people, SOMEBODY_HERE, plan);
    io.print(`${added} added, ${changed} changed.`);
    if (invitations.length > 0)
      io.error('Invitations: put the address of the server before each, and hand it on. They are shown only now.');
    for (const { name, link } of invitations) io.print(`${name}\t${link.path}`);
    return mistakes.length === 0 ? USER_EXIT.done : complain(options.file, mistakes, io);
  });
}

function peopleOf(db: Database): PeopleDeps {
  return {
    ...db,
    passwords: createPasswordHasher(),
    clock: systemClock,
    randomness: createRandomness(),
    audit: { record: (entry) => recordCommand(db, entry) },
    siteNames: [],
  };
}

function complain(file: string, mistakes: readonly CsvMistake[], io: UserCommandIo): UserExit {
  for (const { line, sentence } of mistakes) io.error(`${file}:${line}: ${sentence}`);
  return USER_EXIT.refused;
}

function complainOfFile(file: string, error: unknown, io: UserCommandIo): UserExit {
  const sentence = error instanceof TypeError ? `${file} is not text in UTF-8.` : fileSentence(error);
  if (sentence === null) throw error;
  io.error(sentence);
  return USER_EXIT.refused;
}
