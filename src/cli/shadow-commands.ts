import type { Command } from 'commander';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine shadow …`: what shadow mode has counted. */
export function addShadowCommands(program: Command): void {
  const shadow = program
    .command('shadow')
    .description('Say who would lose what, were the access file enforced. Also beside a running server, in shadow mode or after it.')
    .addHelpText(
      'after',
      examples([
        'vitrine serve --images /srv/images --access access.yaml --shadow-until 2027-01-31',
        'vitrine shadow report --data /var/lib/vitrine',
      ]),
    );

  const report = shadow
    .command('report')
    .option('--json', 'everything that was counted, for programs')
    .description('Print what was counted, by rule, folder and kind of visitor.')
    .addHelpText('after', examples(['vitrine shadow report', 'vitrine shadow report --json --data /var/lib/vitrine']))
    .action(async (typed: Typed) => {
      const { runShadowReport } = await import('./shadow.ts');
      const { options } = readOptions('shadow', typed);
      process.exitCode = await runShadowReport({ data: options.data, json: typed['json'] === true, print });
    });
  addOptions(report, 'shadow');

  const clear = shadow
    .command('clear')
    .description('Count from nothing again, after the access file was changed.')
    .addHelpText('after', examples(['vitrine shadow clear --data /var/lib/vitrine']))
    .action(async (typed: Typed) => {
      const { runShadowClear } = await import('./shadow.ts');
      const { options } = readOptions('shadow', typed);
      process.exitCode = await runShadowClear({ data: options.data, print });
    });
  addOptions(clear, 'shadow');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
