import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { formatAccessFileError, parseAccessFile } from '../config/access-file.ts';
import { filesBeside } from '../config/files-beside.ts';
import { StartProblem } from '../config/start-problem.ts';
import { describeAccess } from './describe-access.ts';

/** What the start says about access, without policies below the folder `but`. A file with mistakes stops the start, with a line for each. */
export async function accessLines(file: string | null, but: string | null = null): Promise<readonly string[]> {
  if (file === null) return ['Everything is open: no access file. Lock folders with --access FILE.'];
  const parsed = parseAccessFile(await readFile(file, 'utf8'), basename(file), filesBeside(file));
  if (!parsed.ok) throw new StartProblem(parsed.errors.map(formatAccessFileError), 2);
  const isShown = (items: readonly string[]) => but === null || !items.every((pattern) => pattern.startsWith(`${but}/`));
  const shown = { ...parsed.model, policies: parsed.model.policies.filter(({ items }) => isShown(items)) };
  return [file, ...describeAccess(shown, new Date())];
}
