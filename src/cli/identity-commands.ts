import type { Command } from 'commander';
import { StartProblem } from '../config/start-problem.ts';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine identity …`: the identity file. */
export function addIdentityCommands(program: Command): void {
  const identity = program
    .command('identity')
    .description('Check the identity file, and test its sources: where people come from who have accounts elsewhere.')
    .addHelpText('after', examples(['vitrine identity check identity.yaml', 'vitrine identity test campus --identity identity.yaml']));

  const check = identity
    .command('check')
    .argument('[file]', 'the identity file, instead of --identity')
    .description('Check an identity file, and that its secrets are there: a line for each mistake, and exit code 1 if there is one.')
    .addHelpText(
      'after',
      examples(['vitrine identity check identity.yaml', 'vitrine identity check --identity /etc/vitrine/identity.yaml']),
    )
    .action(async (file: string | undefined, typed: Typed) => {
      const { runIdentityCheck } = await import('./identity.ts');
      process.exitCode = await runIdentityCheck({ file: file ?? mustNameFile(readOptions('identity', typed).options.identity), print });
    });
  addOptions(check, 'identity');

  const test = identity
    .command('test')
    .argument('<name>', 'the source, as the identity file names it')
    .description(
      'Show what a source says about a person, and what would become of it. Asks for name and password, or prints an address to open in a browser, once.',
    )
    .option('--user <name>', 'of a source that takes name and password: whom to ask about')
    .option('--password-stdin', 'read the password from standard input')
    .addHelpText(
      'after',
      examples([
        'vitrine identity test directory --identity identity.yaml',
        'vitrine identity test campus --identity identity.yaml --data /var/lib/vitrine --public-url https://iiif.example.org',
      ]),
    )
    .action(async (name: string, typed: Typed) => {
      const { options } = readOptions('identity', typed);
      const { runIdentityTest } = await import('./identity-test.ts');
      const { terminalIo } = await import('./user.ts');
      process.exitCode = await runIdentityTest(
        {
          name,
          file: mustNameFile(options.identity),
          data: options.data,
          publicUrl: options.publicUrl,
          user: typeof typed.user === 'string' ? typed.user : null,
          passwordStdin: typed.passwordStdin === true,
        },
        terminalIo(),
      );
    });
  addOptions(test, 'identity');
}

function mustNameFile(file: string | null): string {
  if (file === null) throw new StartProblem(['Name the identity file with --identity FILE.'], 2);
  return file;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
