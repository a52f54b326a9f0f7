import { CsvError, parse } from 'csv-parse/sync';
import { parseDate } from '../../lib/written-date.ts';
import {
  createRoleNames,
  type DraftAllow,
  type DraftPolicy,
  type DraftRule,
  type DraftService,
  type Imported,
  type ImportWishes,
  isWider,
  patternOf,
  plainPath,
  type Remark,
  signInLabel,
  together,
} from './draft.ts';

/** A table with the columns `path`, `role` and `date`, in any order: who may see what, and from when. */
export const ACCESS_COLUMNS = ['path', 'role', 'date'] as const;
type Column = (typeof ACCESS_COLUMNS)[number];

/** More would be longer than an access file may be. */
const MOST_LINES = 20_000;
const DELIMITERS = [',', ';', '\t'];
const MEMBERS = 'members';

export function importCsv(file: string, text: string, wishes: ImportWishes): Imported {
  const read = readRows(text);
  if ('sentence' in read) return { ok: false, mistakes: [{ file, ...read }] };
  const [heading, ...rows] = read;
  const columns = heading === undefined ? { line: 1, sentence: 'The file is empty.' } : readHeading(heading);
  if ('sentence' in columns) return { ok: false, mistakes: [{ file, ...columns }] };
  if (rows.length > MOST_LINES)
    return {
      ok: false,
      mistakes: [{ file, line: 1, sentence: `The file has more than ${MOST_LINES} lines. Write folders instead of single files.` }],
    };
  const roles = createRoleNames();
  const lines = rows.map((row) => readLine(row, columns));
  const mistakes = lines.flatMap((line) => ('sentence' in line ? [{ file, ...line }] : []));
  if (mistakes.length > 0) return { ok: false, mistakes };
  const good = lines.flatMap((line) => ('sentence' in line ? [] : [line]));
  if (good.length === 0) return { ok: false, mistakes: [{ file, line: 1, sentence: 'The file names no path.' }] };
  const remarks = good.flatMap((line) => remarksOf(file, line, roles));
  const policies = policiesOf(good, wishes, (role) => roles.nameOf(role));
  const services = policies.some(({ allow }) => typeof allow !== 'string' && allow.some(({ service }) => service !== null))
    ? [members(wishes)]
    : [];
  const closed = {
    file,
    line: 1,
    sentence: 'What the file does not name is closed; for the rest, add a policy with items "**" at the end.',
  };
  return { ok: true, draft: { services, policies, remarks: [...remarks, closed] } };
}

function members(wishes: ImportWishes): DraftService {
  return {
    name: MEMBERS,
    pattern: 'login',
    texts: { label: signInLabel(wishes) },
    comment: 'people and their roles: "vitrine user add NAME --role ROLE"',
  };
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

interface Mistake {
  readonly line: number;
  readonly sentence: string;
}

interface Line {
  readonly line: number;
  readonly path: string;
  readonly given: string;
  readonly who: 'everyone' | 'nobody' | readonly string[];
  /** As it is written; null for always. */
  readonly date: string | null;
}

function readRows(text: string): readonly Row[] | Mistake {
  const [first = ''] = text.split(/\r?\n/, 1);
  const delimiter = DELIMITERS.reduce((most, each) => (first.split(each).length > first.split(most).length ? each : most));
  try {
    const records = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 10_000,
    }) as unknown as ReadonlyArray<{
      readonly record: readonly string[];
      readonly info: { readonly lines: number };
    }>;
    return records.flatMap(({ record, info }) =>
      record.every((cell) => cell.trim() === '') ? [] : [{ line: info.lines, cells: record.map((cell) => cell.trim()) }],
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    return { line, sentence: 'This line could not be read. A quotation mark is open, or stands in the middle of a cell.' };
  }
}

function readHeading({ line, cells }: Row): ReadonlyMap<Column, number> | Mistake {
  const columns = new Map<Column, number>();
  for (const [at, cell] of cells.entries()) {
    const column = ACCESS_COLUMNS.find((each) => each === cell.toLowerCase());
    if (column === undefined)
      return { line, sentence: `There is no column ${JSON.stringify(cell.slice(0, 50))}. The columns are ${ACCESS_COLUMNS.join(', ')}.` };
    if (columns.has(column)) return { line, sentence: `The column ${column} is there twice.` };
    columns.set(column, at);
  }
  return columns.has('path') && columns.has('role')
    ? columns
    : { line, sentence: 'The first line must name the columns; path and role must be among them.' };
}

function readLine({ line, cells }: Row, columns: ReadonlyMap<Column, number>): Line | Mistake {
  if (cells.length !== columns.size)
    return { line, sentence: `The line has ${cells.length} cells, and there are ${columns.size} columns.` };
  const cell = (column: Column): string => cells[columns.get(column) ?? -1] ?? '';
  const given = cell('path');
  if (given.includes('*'))
    return { line, sentence: `${JSON.stringify(given)} is a pattern. Write the folder, with a slash at its end, or the file.` };
  const path = plainPath(given);
  if (path === null) return { line, sentence: `No item can be at ${JSON.stringify(given)}.` };
  const who = readRole(cell('role'));
  if (who === null)
    return { line, sentence: 'The role is empty. Write everyone, nobody, or one or several roles with spaces between them.' };
  const date = cell('date');
  if (date !== '' && parseDate(date) === null)
    return { line, sentence: `${JSON.stringify(date)} is no date, such as 2027-01-31 or 2027-01-31T09:00+01:00.` };
  return { line, path, given, who, date: date === '' ? null : date };
}

function readRole(cell: string): Line['who'] | null {
  const words = cell.split(/[\s;|,]+/).filter((word) => word !== '');
  const [only] = words;
  if (only === undefined) return null;
  if (words.length === 1 && (only === 'everyone' || only === 'nobody')) return only;
  return words.includes('everyone') || words.includes('nobody') ? null : words;
}

function remarksOf(file: string, { line, path, who }: Line, roles: ReturnType<typeof createRoleNames>): readonly Remark[] {
  const changed = typeof who === 'string' ? [] : who.filter((role) => roles.isChanged(role));
  return [
    ...(isWider(path)
      ? [{ file, line, sentence: `The name ${path} has a character with a meaning in patterns; a ? stands for it, and for any other one.` }]
      : []),
    ...changed.map((role) => ({
      file,
      line,
      sentence: `The role ${JSON.stringify(role)} is called ${roles.nameOf(role)} here: names of roles have no quotes, and at most 64 characters.`,
    })),
  ];
}

function policiesOf(lines: readonly Line[], wishes: ImportWishes, nameOf: (role: string) => string): readonly DraftPolicy[] {
  const byPath = new Map<string, Line[]>();
  for (const line of lines) {
    const pattern = line.given.endsWith('/')
      ? `${patternOf(`${wishes.below}${line.path}`).replace(/\/\*\*$/, '')}/**`
      : patternOf(`${wishes.below}${line.path}`);
    byPath.set(pattern, [...(byPath.get(pattern) ?? []), line]);
  }
  const entries = [...byPath].map(([pattern, of]) => {
    const rule = ruleOf(of, nameOf);
    return { pattern, rule, sameAs: JSON.stringify(rule) };
  });
  return together(entries).map(
    (group): DraftPolicy => ({ items: group.map(({ pattern }) => pattern), ...(group[0]?.rule ?? { allow: 'nobody' }) }),
  );
}

/** Several lines for a path: each is enough, from its date on. */
function ruleOf(lines: readonly Line[], nameOf: (role: string) => string): Pick<DraftPolicy, 'allow' | 'embargoUntil'> {
  const letting = lines.filter(({ who }) => who !== 'nobody');
  if (letting.some(({ who, date }) => who === 'everyone' && date === null)) return { allow: 'everyone' };
  const dates = [...new Set(letting.map(({ date }) => date))];
  const [date = null] = dates;
  if (dates.length > 1) return { allow: letting.flatMap((line) => rulesOf([line], nameOf, line.date)) };
  return { ...(date === null ? {} : { embargoUntil: date }), allow: allowOf(letting, nameOf) };
}

function allowOf(lines: readonly Line[], nameOf: (role: string) => string): DraftAllow {
  if (lines.length === 0) return 'nobody';
  return lines.some(({ who }) => who === 'everyone') ? 'everyone' : rulesOf(lines, nameOf, null);
}

function rulesOf(lines: readonly Line[], nameOf: (role: string) => string, from: string | null): readonly DraftRule[] {
  const beginning = from === null ? {} : { from };
  if (lines.some(({ who }) => who === 'everyone')) return [{ service: null, ...beginning }];
  const roles = [...new Set(lines.flatMap(({ who }) => (typeof who === 'string' ? [] : who.map(nameOf))))];
  return [{ service: MEMBERS, roles, ...beginning }];
}
