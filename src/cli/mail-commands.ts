import type { Command } from 'commander';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';

/** `vitrine mail …`: whether mail is sent. */
export function addMailCommands(program: Command): void {
  const mail = program
    .command('mail')
    .description('Try the mail server.')
    .addHelpText('after', examples(['vitrine mail test you@example.org --config /etc/vitrine.yaml']));

  const test = mail
    .command('test')
    .argument('<address>', 'who gets the mail')
    .description('Send a test mail, and say what the mail server made of it.')
    .addHelpText(
      'after',
      examples([
        'vitrine mail test you@example.org --config /etc/vitrine.yaml',
        'VITRINE_SMTP_URL_FILE=/run/secrets/smtp vitrine mail test you@example.org --mail-from iiif@example.org',
      ]),
    )
    .action(async (address: string, typed: Readonly<Record<string, unknown>>) => {
      const { smtpUrl, mailFrom } = readOptions('mail', typed).options;
      const { runMailTest } = await import('./mail.ts');
      process.exitCode = await runMailTest({
        address,
        smtpUrl,
        mailFrom,
        print: (line) => void process.stdout.write(`${line}\n`),
        error: (line) => void process.stderr.write(`${line}\n`),
      });
    });
  addOptions(test, 'mail');
}
