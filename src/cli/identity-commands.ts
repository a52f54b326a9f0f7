import type { Command } from 'commander';
import { StartProblem } from '../config/start-problem.ts';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine identity …`: the identity file. */
export function addIdentityCommands(program: Command): void {
  const identity = program
    .command('identity')
    .description('Check the identity file: where people come from who have accounts elsewhere.')
    .addHelpText('after', examples(['vitrine identity check identity.yaml']));

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
}

function mustNameFile(file: string | null): string {
  if (file === null) throw new StartProblem(['Name the identity file with --identity FILE.'], 2);
  return file;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
