import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { User } from '../../domain/session.ts';
import { USER_STATES, type UserState, userState } from '../../domain/user-query.ts';

/** What a file says of one person. What it has no column for is undefined. */
export interface PersonLine {
  /** On which the line of the person begins, from 1; the first line is the heading. */
  readonly line: number;
  readonly name: string;
  /** Empty for none. */
  readonly email: string | undefined;
  /** Given by hand. */
  readonly roles: readonly string[] | undefined;
  readonly state: UserState | undefined;
}

export interface CsvMistake {
  readonly line: number;
  readonly sentence: string;
}

export type PeopleFile =
  | { readonly ok: true; readonly people: readonly PersonLine[] }
  | { readonly ok: false; readonly mistakes: readonly CsvMistake[] };

/** A file is read, shown and sent back whole. */
export const MOST_CSV_BYTES = 1024 * 1024;
export const MOST_CSV_PEOPLE = 5000;

export const CSV_COLUMNS = ['name', 'email', 'roles', 'state'] as const;

type Column = (typeof CSV_COLUMNS)[number];

const DELIMITERS = [',', ';', '\t'];

/** What `escape_formulas` puts an apostrophe before. */
const GUARDED = /^'(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/;

/**
 * Reads a file with the columns `name`, `email`, `roles` (with spaces between them) and `state`, in any order, of which only
 * `name` must be there; with commas, semicolons or tabs, as spreadsheets write them. Or says every mistake at once.
 */
export function readPeopleCsv(text: string): PeopleFile {
  if (new TextEncoder().encode(text).length > MOST_CSV_BYTES)
    return wrong(1, `The file is larger than ${MOST_CSV_BYTES / 1024} kB. Part it.`);
  const rows = readRows(text);
  if ('sentence' in rows) return { ok: false, mistakes: [rows] };
  const [heading, ...lines] = rows;
  if (heading === undefined) return wrong(1, 'The file is empty.');
  const columns = readHeading(heading);
  if ('sentence' in columns) return { ok: false, mistakes: [columns] };
  if (lines.length > MOST_CSV_PEOPLE) return wrong(1, `The file has more than ${MOST_CSV_PEOPLE} people. Part it.`);
  const read = lines.map((row) => readPerson(row, columns));
  const mistakes = read.flatMap((each) => ('sentence' in each ? [each] : []));
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, people: read.flatMap((each) => ('sentence' in each ? [] : [each])) };
}

/** With a byte order mark, by which spreadsheets know UTF-8; a cell that they would take for a formula begins with an apostrophe. */
export function writePeopleCsv(users: readonly User[]): string {
  const rows = users.map((user) => [user.name, user.email ?? '', user.ownRoles.join(' '), userState(user)]);
  return stringify([[...CSV_COLUMNS], ...rows], { bom: true, escape_formulas: true, record_delimiter: 'windows' });
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

function readRows(text: string): readonly Row[] | CsvMistake {
  try {
    const records = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 10_000,
    }) as unknown as ReadonlyArray<{ readonly record: readonly string[]; readonly info: { readonly lines: number } }>;
    let before = 0;
    return records.flatMap(({ record, info }) => {
      const line = Math.max(before + 1, info.lines - record.join('').split('\n').length + 1);
      before = info.lines;
      return record.every((cell) => cell.trim() === '') ? [] : [{ line, cells: record }];
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    return { line, sentence: 'This line could not be read. A quotation mark is open, or stands in the middle of a cell.' };
  }
}

/** The one that there are most of in the heading. */
function delimiterOf(text: string): string {
  const [heading = ''] = text.split(/\r?\n/, 1);
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, times: heading.split(delimiter).length }));
  return counted.reduce((most, each) => (each.times > most.times ? each : most)).delimiter;
}

function readHeading({ line, cells }: Row): ReadonlyMap<Column, number> | CsvMistake {
  const columns = new Map<Column, number>();
  for (const [at, cell] of cells.entries()) {
    const column = CSV_COLUMNS.find((each) => each === cell.trim().toLowerCase());
    if (column === undefined)
      return { line, sentence: `There is no column ${JSON.stringify(cell.slice(0, 50))}. The columns are ${CSV_COLUMNS.join(', ')}.` };
    if (columns.has(column)) return { line, sentence: `The column ${column} is there twice.` };
    columns.set(column, at);
  }
  return columns.has('name') ? columns : { line, sentence: 'The first line must name the columns; name must be one of them.' };
}

function readPerson({ line, cells }: Row, columns: ReadonlyMap<Column, number>): PersonLine | CsvMistake {
  if (cells.length !== columns.size)
    return { line, sentence: `The line has ${cells.length} cells, and there are ${columns.size} columns.` };
  const cell = (column: Column): string | undefined => {
    const at = columns.get(column);
    return at === undefined ? undefined : (cells[at] ?? '').replace(GUARDED, '').trim();
  };
  const typed = cell('state')?.toLowerCase();
  const state = USER_STATES.find((each) => each === typed);
  if (typed !== undefined && typed !== '' && state === undefined)
    return { line, sentence: `${JSON.stringify(typed.slice(0, 50))} is no state. The states are ${USER_STATES.join(', ')}.` };
  const roles = cell('roles')
    ?.split(/[\s,;]+/)
    .filter((role) => role !== '');
  return { line, name: cell('name') ?? '', email: cell('email'), roles, state };
}

function wrong(line: number, sentence: string): PeopleFile {
  return { ok: false, mistakes: [{ line, sentence }] };
}
