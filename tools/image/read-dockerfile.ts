export interface Instruction {
  /** In capitals, as in `COPY`. */
  readonly name: string;
  readonly value: string;
}

export interface Stage {
  readonly base: string;
  /** What other stages call it. */
  readonly name: string | null;
  /** Without its FROM. */
  readonly instructions: readonly Instruction[];
}

/** Stages in their order. Of the syntax as much as the Dockerfile here uses: continued lines, comments, no variables. */
export function readStages(text: string): readonly Stage[] {
  const stages: { base: string; name: string | null; instructions: Instruction[] }[] = [];
  for (const line of logicalLines(text)) {
    const [, name = '', value = ''] = /^(\S+)\s+(.*)$/s.exec(line) ?? [];
    if (name === 'FROM') {
      const [, base = '', as = null] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(value) ?? [];
      stages.push({ base, name: as, instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, value });
  }
  return stages;
}

/** The words of an instruction that has them as JSON, or with spaces between them. */
export function wordsOf({ value }: Instruction): readonly string[] {
  return value.startsWith('[') ? (JSON.parse(value) as readonly string[]) : value.split(/\s+/);
}

/** `NAME=value NAME=value`. */
export function variablesOf(instructions: readonly Instruction[]): Readonly<Record<string, string>> {
  const pairs = instructions.filter(({ name }) => name === 'ENV').flatMap(wordsOf);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

function logicalLines(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  return lines
    .join('\n')
    .replace(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
