import { type Command, Option } from 'commander';
import { ADMINISTRATOR_ROLE } from '../domain/administrator.ts';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine user …`: people and their roles. */
export function addUserCommands(program: Command): void {
  const user = program
    .command('user')
    .description('Add, list and remove people, and give them passwords and roles.')
    .addHelpText(
      'after',
      examples(['vitrine user add anna --role reader', 'vitrine user list', 'vitrine user roles anna --role reader --role curator']),
    );

  withData(user.command('add'))
    .argument('<name>', 'how the person signs in')
    .description('Add a person. You are asked for the password, unless it comes on standard input.')
    .addOption(rolesOption())
    .option('--admin', 'make the person an administrator')
    .addOption(passwordOption())
    .addHelpText(
      'after',
      examples([
        'vitrine user add anna --role reader --data /var/lib/vitrine',
        'vitrine user add anna --admin',
        'echo "$PASSWORD" | vitrine user add anna --role reader --password-stdin',
      ]),
    )
    .action(async (name: string, typed: Typed) => {
      const { runUserAdd, terminalIo } = await import('./user.ts');
      end(
        await runUserAdd(
          { name, data: dataOf(typed), roles: withAdmin(rolesOf(typed), typed), passwordStdin: typed.passwordStdin === true },
          terminalIo(),
        ),
      );
    });

  withData(user.command('list'))
    .description('List people with their roles.')
    .addHelpText('after', examples(['vitrine user list --data /var/lib/vitrine']))
    .action(async (typed: Typed) => {
      const { runUserList, terminalIo } = await import('./user.ts');
      end(await runUserList({ data: dataOf(typed) }, terminalIo()));
    });

  withData(user.command('remove'))
    .argument('<name>')
    .description('Remove a person, and end every session of theirs.')
    .addHelpText('after', examples(['vitrine user remove anna']))
    .action(async (name: string, typed: Typed) => {
      const { runUserRemove, terminalIo } = await import('./user.ts');
      end(await runUserRemove({ name, data: dataOf(typed) }, terminalIo()));
    });

  withData(user.command('disable'))
    .argument('<name>')
    .description('Let a person in no longer, and end every session of theirs. They stay in the list, with their roles.')
    .addHelpText('after', examples(['vitrine user disable anna']))
    .action(async (name: string, typed: Typed) => {
      const { runUserDisable, terminalIo } = await import('./user.ts');
      end(await runUserDisable({ name, data: dataOf(typed) }, terminalIo()));
    });

  withData(user.command('enable'))
    .argument('<name>')
    .description('Let a person in again.')
    .addHelpText('after', examples(['vitrine user enable anna']))
    .action(async (name: string, typed: Typed) => {
      const { runUserEnable, terminalIo } = await import('./user.ts');
      end(await runUserEnable({ name, data: dataOf(typed) }, terminalIo()));
    });

  withData(user.command('password'))
    .argument('<name>')
    .description('Give a person a new password, and end every session of theirs.')
    .addOption(passwordOption())
    .addHelpText('after', examples(['vitrine user password anna', 'echo "$PASSWORD" | vitrine user password anna --password-stdin']))
    .action(async (name: string, typed: Typed) => {
      const { runUserPassword, terminalIo } = await import('./user.ts');
      end(await runUserPassword({ name, data: dataOf(typed), passwordStdin: typed.passwordStdin === true }, terminalIo()));
    });

  withData(user.command('roles'))
    .argument('<name>')
    .description('Set the roles that a person is given by hand: those named and no others. Without --role, show them.')
    .addOption(rolesOption())
    .option('--none', 'take every role away')
    .addHelpText(
      'after',
      examples(['vitrine user roles anna', 'vitrine user roles anna --role reader --role curator', 'vitrine user roles anna --none']),
    )
    .action(async (name: string, typed: Typed) => {
      const { runUserRoles, terminalIo } = await import('./user.ts');
      end(await runUserRoles({ name, data: dataOf(typed), roles: rolesOf(typed), none: typed.none === true }, terminalIo()));
    });

  withData(user.command('export'))
    .argument('<file>', 'the CSV file to write; - for standard output')
    .description('Write everybody to a CSV file: name, e-mail, roles given by hand, state.')
    .addHelpText('after', examples(['vitrine user export people.csv']))
    .action(async (file: string, typed: Typed) => {
      const [{ terminalIo }, { runUserExport }] = [await import('./user.ts'), await import('./user-csv.ts')];
      end(await runUserExport({ file, data: dataOf(typed) }, terminalIo()));
    });

  withData(user.command('import'))
    .argument('<file>', 'a CSV file with the column name, and email, roles and state where they are to change')
    .description('Add and change people as a CSV file says, and invite those who are new. With one mistake in it, nothing is done.')
    .option('--dry-run', 'say what each line would do, and do nothing')
    .addHelpText('after', examples(['vitrine user import people.csv --dry-run', 'vitrine user import people.csv']))
    .action(async (file: string, typed: Typed) => {
      const [{ terminalIo }, { runUserImport }] = [await import('./user.ts'), await import('./user-csv.ts')];
      end(await runUserImport({ file, data: dataOf(typed), dryRun: typed.dryRun === true }, terminalIo()));
    });
}

function withData(command: Command): Command {
  return addOptions(command, 'user');
}

function rolesOption(): Option {
  return new Option('--role <role>', 'a role; give it again for more').argParser((role: string, roles: readonly string[] | undefined) => [
    ...(roles ?? []),
    role,
  ]);
}

function passwordOption(): Option {
  return new Option('--password-stdin', 'read the password from standard input');
}

function rolesOf(typed: Typed): readonly string[] {
  return Array.isArray(typed.role) ? (typed.role as readonly string[]) : [];
}

function withAdmin(roles: readonly string[], typed: Typed): readonly string[] {
  return typed.admin === true ? [...roles, ADMINISTRATOR_ROLE] : roles;
}

function dataOf(typed: Typed): string {
  return readOptions('user', typed).options.data;
}

function end(exitCode: number): void {
  process.exitCode = exitCode;
}
