import type { Command } from 'commander';
import { examples } from './examples.ts';
import type { GrantCommand } from './grant.ts';
import { addOptions, readOptions } from './option-flags.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine grant …`: these items for a person, until a date. */
export function addGrantCommands(program: Command): void {
  const grant = program
    .command('grant')
    .description('Let a person see items until a date, whatever the policies say of others; list and remove such grants.')
    .addHelpText(
      'after',
      examples([
        "vitrine grant add anna 'letters/**' --until 2027-01-31 --note 'thesis on the estate'",
        'vitrine grant list --user anna',
        'vitrine grant remove grt_0123456789abcdef',
      ]),
    );

  const add = grant
    .command('add')
    .argument('<user>', 'who may see them')
    .argument('<items>', 'a path below the image folder, or a pattern as in the access file')
    .requiredOption('--until <date>', 'the last day, to its end in UTC, or a time with its zone')
    .option('--note <text>', 'why, for administrators')
    .description('Let a person see items until a date.')
    .addHelpText('after', examples(["vitrine grant add anna 'letters/1890/**' --until 2027-01-31 --data /var/lib/vitrine"]))
    .action(async (user: string, items: string, typed: Typed) => {
      const { runGrantAdd } = await import('./grant.ts');
      const { until, note } = typed;
      process.exitCode = await runGrantAdd({
        ...commandOf(typed),
        user,
        items,
        until: String(until),
        note: typeof note === 'string' ? note : '',
      });
    });
  addOptions(add, 'user');

  const list = grant
    .command('list')
    .option('--user <name>', 'of this person only')
    .description('List grants, the one that ends first at the beginning. Ended ones are kept for 30 days.')
    .addHelpText('after', examples(['vitrine grant list --data /var/lib/vitrine']))
    .action(async (typed: Typed) => {
      const { runGrantList } = await import('./grant.ts');
      process.exitCode = await runGrantList({ ...commandOf(typed), user: typeof typed.user === 'string' ? typed.user : null });
    });
  addOptions(list, 'user');

  const remove = grant
    .command('remove')
    .argument('<id>', 'as the list shows it')
    .description('Take a grant back. It counts for nothing from then on.')
    .addHelpText('after', examples(['vitrine grant remove grt_0123456789abcdef']))
    .action(async (id: string, typed: Typed) => {
      const { runGrantRemove } = await import('./grant.ts');
      process.exitCode = await runGrantRemove({ ...commandOf(typed), id });
    });
  addOptions(remove, 'user');
}

function commandOf(typed: Typed): GrantCommand {
  return {
    data: readOptions('user', typed).options.data,
    now: new Date(),
    print: (line) => void process.stdout.write(`${line}\n`),
    error: (line) => void process.stderr.write(`${line}\n`),
  };
}
