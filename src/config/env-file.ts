/** One variable of an env file. */
export interface EnvEntry {
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

export interface EnvFile {
  readonly values: ReadonlyMap<string, EnvEntry>;
  /** Sentences that begin with `file:line`. */
  readonly errors: readonly string[];
}

const ASSIGNMENT = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/;
/** In double quotes a backslash makes the next character plain, and `\n` and `\t` are a line break and a tab. */
const DOUBLE_QUOTED = /^"((?:[^"\\]|\\.)*)"[ \t]*(?:#.*)?$/;
const SINGLE_QUOTED = /^'([^']*)'[ \t]*(?:#.*)?$/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t' };

/**
 * Reads what Docker Compose, systemd and shells know as an env file: `NAME=value` a line, `#` before a comment. What is a
 * name to some of them and not to others, such as `$HOME`, is taken as it is written. A later line wins.
 */
export function parseEnvFile(content: string, name: string): EnvFile {
  const values = new Map<string, EnvEntry>();
  const errors: string[] = [];
  const lines = content.replace(/^\ufeff/, '').split(/\r?\n/);
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    const trimmed = text.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [, variable, given] = ASSIGNMENT.exec(trimmed) ?? [];
    const value = given === undefined ? null : readValue(given);
    // The line is not shown: it may be a secret.
    if (variable === undefined) errors.push(`${name}:${line}: expected NAME=value, or # before a comment`);
    else if (value === null)
      errors.push(`${name}:${line}: the quotation mark in the value of ${variable} is not closed, or more follows it`);
    else values.set(variable, { value, line });
  }
  return { values, errors };
}

function readValue(given: string): string | null {
  if (given.startsWith('"')) {
    const [, inside] = DOUBLE_QUOTED.exec(given) ?? [];
    return inside === undefined ? null : inside.replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character);
  }
  if (given.startsWith("'")) return SINGLE_QUOTED.exec(given)?.[1] ?? null;
  return given.replace(/(?:^|[ \t]+)#.*$/, '').trim();
}
