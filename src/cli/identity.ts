import { readFile } from 'node:fs/promises';
import { parseIdentityFile } from '../config/identity-file.ts';
import { secretsBeside } from '../config/identity-secrets.ts';
import type { YamlMistake } from '../config/yaml-reading.ts';

export interface IdentityCheckOptions {
  readonly file: string;
  /** A line of what was asked for. */
  print(line: string): void;
}

/** `vitrine identity check`: 0 for a valid file whose secrets are there, warnings or not; 1 with a line for each mistake. */
export async function runIdentityCheck({ file, print }: IdentityCheckOptions): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) {
    print(`The identity file ${file} cannot be read.`);
    return 1;
  }
  const result = parseIdentityFile(text, file, secretsBeside(file));
  if (!result.ok) {
    for (const error of result.errors) print(formatMistake(error));
    print(`${file} has ${result.errors.length === 1 ? '1 mistake' : `${result.errors.length} mistakes`}.`);
    return 1;
  }
  for (const warning of result.warnings) print(`${formatMistake(warning)} (warning)`);
  const sources = [...result.sources.values()].map(({ name, type }) => `${name} (${type})`);
  print(`${file} is valid: ${sources.join(', ')}.`);
  return 0;
}

function formatMistake({ file, line, column, sentence }: YamlMistake): string {
  return `${file}:${line}:${column}: ${sentence}`;
}
