import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { formatAccessFileError, parseAccessFile } from '../config/access-file.ts';
import { filesBeside } from '../config/files-beside.ts';
import { StartProblem } from '../config/start-problem.ts';
import type { AccessModel } from '../domain/access.ts';

/** The access file for a command that needs it whole; each mistake ends the command with its sentence. */
export async function readAccess(file: string): Promise<AccessModel> {
  const parsed = parseAccessFile(await readFile(file, 'utf8'), basename(file), filesBeside(file));
  if (!parsed.ok) throw new StartProblem(parsed.errors.map(formatAccessFileError));
  return parsed.model;
}
