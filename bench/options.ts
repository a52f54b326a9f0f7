import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Names of measures; null for all. */
  readonly only: readonly string[] | null;
  /** Names of contestants; null for all. */
  readonly contestants: readonly string[] | null;
  readonly rounds: number;
  readonly short: boolean;
  /** Where the figures go as JSON. */
  readonly json: string;
  readonly help: boolean;
}

export const USAGE = `npm run bench -- [options]
  --only a,b          only these measures
  --contestants a,b   only these contestants
  --rounds N          how often each is measured (3); the table has medians
  --short             a small picture and one round, to see that everything works
  --json FILE         where the figures go (bench/.cache/last.json)
`;

/** @throws with a sentence on what cannot be read. */
export function readOptions(args: readonly string[], defaultJson: string): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      contestants: { type: 'string' },
      rounds: { type: 'string' },
      short: { type: 'boolean', default: false },
      json: { type: 'string', default: defaultJson },
      help: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds ?? (values.short ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 99) throw new Error('--rounds wants a number from 1 to 99.');
  return {
    only: values.only?.split(',') ?? null,
    contestants: values.contestants?.split(',') ?? null,
    rounds,
    short: values.short,
    json: values.json,
    help: values.help,
  };
}
