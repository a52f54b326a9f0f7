import { readFile } from 'node:fs/promises';
import { parseIdentityFile } from '../config/identity-file.ts';
import { secretsBeside } from '../config/identity-secrets.ts';
import type { IdentitySettings } from '../config/identity-sources.ts';
import { StartProblem } from '../config/start-problem.ts';

/** The identity file for a command that needs it whole; each mistake ends the command with its sentence. */
export async function readIdentity(file: string): Promise<ReadonlyMap<string, IdentitySettings>> {
  const result = parseIdentityFile(await readFile(file, 'utf8'), file, secretsBeside(file));
  if (result.ok) return result.sources;
  throw new StartProblem(result.errors.map(({ line, column, sentence }) => `${file}:${line}:${column}: ${sentence}`));
}
