import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { StartProblem } from '../config/start-problem.ts';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';
import { readAccess } from './read-access.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine access …`: the access file, checked and explained. */
export function addAccessCommands(program: Command): void {
  const access = program
    .command('access')
    .description('Check the access file, and explain who may see what.')
    .addHelpText(
      'after',
      examples(['vitrine access check access.yaml', 'vitrine access explain letters/1890.jpg --as anna --access access.yaml']),
    );

  const check = access
    .command('check')
    .argument('[file]', 'the access file, instead of --access')
    .description('Check an access file: a line for each mistake, and exit code 1 if there is one.')
    .addHelpText('after', examples(['vitrine access check access.yaml', 'vitrine access check access.yaml --identity identity.yaml']))
    .action(async (file: string | undefined, typed: Typed) => {
      const { runAccessCheck } = await import('./access.ts');
      const { options } = readOptions('access', typed);
      process.exitCode = await runAccessCheck({ file: file ?? mustNameFile(options.access), identity: options.identity, print });
    });
  addOptions(check, 'access');

  const explain = access
    .command('explain')
    .argument('<identifier>', 'the path of an item below the image folder')
    .option('--as <user>', 'explain it for this user, with their roles')
    .option('--address <address>', 'explain it for somebody at this address')
    .option('--at <time>', 'explain it for this time: 2027-01-31, or 2027-01-31T09:00+01:00')
    .description('Say which policy decides about an item, and why.')
    .addHelpText(
      'after',
      examples([
        'vitrine access explain letters/1890.jpg --access access.yaml',
        'vitrine access explain letters/1890.jpg --address 192.0.2.7 --access access.yaml',
        'vitrine access explain letters/1890.jpg --at 2027-01-31T09:00+01:00 --access access.yaml',
        'vitrine access explain letters/1890.jpg --as anna --access access.yaml --data /var/lib/vitrine',
      ]),
    )
    .action(async (identifier: string, typed: Typed) => explainAccess(identifier, typed));
  addOptions(explain, 'access');

  const diff = access
    .command('diff')
    .argument('<old>', 'an access file')
    .argument('<new>', 'the one that is to take its place')
    .description('Say who gains and who loses what where one access file takes the place of another.')
    .addHelpText('after', examples(['vitrine access diff access.yaml access.new.yaml --images /srv/images']))
    .action(async (before: string, after: string, typed: Typed) => {
      const { runAccessDiff } = await import('./access-diff.ts');
      const { openImages } = await import('../app/open-images.ts');
      const { options } = readOptions('access', typed);
      const { items } = await openImages(options, SILENT);
      process.exitCode = await runAccessDiff({ before, after, items, print });
    });
  addOptions(diff, 'access');
}

async function explainAccess(identifier: string, typed: Typed): Promise<void> {
  const { runAccessExplain } = await import('./access.ts');
  const { openImages } = await import('../app/open-images.ts');
  const { openSqlite } = await import('../adapters/storage/sqlite/open.ts');
  const { findPerson } = await import('../flows/find-person.ts');
  const { options } = readOptions('access', typed);
  const file = mustNameFile(options.access);
  const access = await readAccess(file);
  const { items } = await openImages(options, SILENT);
  const database = await openSqlite(join(options.data, 'vitrine.db'));
  try {
    process.exitCode = await runAccessExplain({
      identifier,
      as: typeof typed.as === 'string' ? typed.as : null,
      address: typeof typed.address === 'string' ? typed.address : null,
      access,
      fileName: basename(file),
      findItem: (name) => items.find(name),
      findUser: async (name) => findPerson(database, await database.users.find(name)),
      at: typeof typed.at === 'string' ? typed.at : null,
      now: new Date(),
      print,
    });
  } finally {
    await database.close();
  }
}

/** Side files are not read here. */
const SILENT = { warn: () => {} };

function mustNameFile(file: string | null): string {
  if (file === null) throw new StartProblem(['Name the access file with --access FILE.'], 2);
  return file;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
