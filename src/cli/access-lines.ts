import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { formatAccessFileError, parseAccessFile } from '../config/access-file.ts';
import { StartProblem } from '../config/start-problem.ts';
import { describeAccess } from './describe-access.ts';

/** What the start says about access. A file with mistakes stops the start, with a line for each. */
export async function accessLines(file: string | null): Promise<readonly string[]> {
  if (file === null) return ['Everything is open: no access file. Lock folders with --access FILE.'];
  const parsed = parseAccessFile(await readFile(file, 'utf8'), basename(file));
  if (!parsed.ok) throw new StartProblem(parsed.errors.map(formatAccessFileError), 2);
  return [file, ...describeAccess(parsed.model)];
}
