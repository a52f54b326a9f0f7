import { type Command, Option } from 'commander';
import { DEFAULT_TOKEN_DAYS, MOST_TOKEN_DAYS, SCOPES } from '../domain/personal-token.ts';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';
import type { TokenCommand } from './token.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine token …`: personal access tokens, for scripts. */
export function addTokenCommands(program: Command): void {
  const token = program
    .command('token')
    .description('Add, list and remove personal access tokens, by which scripts work for a user.')
    .addHelpText('after', examples(['vitrine token add nightly --user anna', 'vitrine token list', 'vitrine token remove pat_…']));

  const add = token
    .command('add')
    .argument('<name>', 'what it is for')
    .requiredOption('--user <name>', 'whose it is: what the script does, this user does')
    .addOption(scopesOption())
    .option('--days <days>', `how long it is good, at most ${MOST_TOKEN_DAYS}`, String(DEFAULT_TOKEN_DAYS))
    .description('Print a new token, this once. Scopes beside content are for administrators.')
    .addHelpText(
      'after',
      examples([
        'vitrine token add nightly --user anna',
        'vitrine token add staff-list --user root --scope users:read --scope users:write --days 30',
      ]),
    )
    .action(async (name: string, typed: Typed) => {
      const { runTokenAdd } = await import('./token.ts');
      const scopes = Array.isArray(typed.scope) ? (typed.scope as readonly string[]) : ['content'];
      process.exitCode = await runTokenAdd({ ...commandOf(typed), name, user: String(typed.user), scopes, days: Number(typed.days) });
    });
  addOptions(add, 'token');

  const list = token
    .command('list')
    .option('--user <name>', 'those of one user')
    .description('List tokens, with whose they are, what they are for, and when they were used last.')
    .addHelpText('after', examples(['vitrine token list --user anna', 'vitrine token list --data /var/lib/vitrine']))
    .action(async (typed: Typed) => {
      const { runTokenList } = await import('./token.ts');
      process.exitCode = await runTokenList({ ...commandOf(typed), user: typeof typed.user === 'string' ? typed.user : null });
    });
  addOptions(list, 'token');

  const remove = token
    .command('remove')
    .argument('<id>', 'as the list has it')
    .description('Remove a token: it opens nothing any more.')
    .addHelpText('after', examples(['vitrine token remove pat_V4mEwLrhQpTz8a1n']))
    .action(async (id: string, typed: Typed) => {
      const { runTokenRemove } = await import('./token.ts');
      process.exitCode = await runTokenRemove({ ...commandOf(typed), id });
    });
  addOptions(remove, 'token');
}

function scopesOption(): Option {
  return new Option('--scope <scope>', `${SCOPES.join(', ')}; give it again for more; without it, content`).argParser(
    (scope: string, scopes: readonly string[] | undefined) => [...(scopes ?? []), scope],
  );
}

function commandOf(typed: Typed): TokenCommand {
  return {
    data: readOptions('token', typed).options.data,
    now: new Date(),
    print: (line) => void process.stdout.write(`${line}\n`),
    error: (line) => void process.stderr.write(`${line}\n`),
  };
}
