import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BackupCommand } from './backup.ts';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine backup` and `vitrine restore`. */
export function addBackupCommands(program: Command): void {
  const backup = program
    .command('backup')
    .argument('<folder>', 'gets a folder for each backup; not in the data folder')
    .addOption(new Option('--keep <number>', 'remove all but so many of the newest').argParser(parseCount))
    .description('Copy all state that cannot be made again: people, sessions, grants, audit, keys, certificates. Servers go on meanwhile.')
    .addHelpText('after', examples(['vitrine backup /var/backups/vitrine --data /var/lib/vitrine --keep 14']))
    .action(async (folder: string, typed: Typed) => {
      const { runBackup } = await import('./backup.ts');
      process.exitCode = await runBackup({ ...commandOf(typed), into: folder, keep: typeof typed.keep === 'number' ? typed.keep : null });
    });
  addOptions(backup, 'backup');

  const restore = program
    .command('restore')
    .argument('<backup>', 'the folder of one backup')
    .option('--check', 'only say whether the backup is whole')
    .option('--replace', 'where the data folder holds state already: keep that aside')
    .option('--keep-sessions', 'leave those signed in who were when the backup was made')
    .description('Put a backup into the data folder. The server must be stopped.')
    .addHelpText(
      'after',
      examples([
        'vitrine restore /var/backups/vitrine/vitrine-2027-01-31T02-00-00Z --check',
        'vitrine restore /var/backups/vitrine/vitrine-2027-01-31T02-00-00Z --data /var/lib/vitrine --replace',
      ]),
    )
    .action(async (from: string, typed: Typed) => {
      const { runRestore, runBackupCheck } = await import('./backup.ts');
      const wanted = { ...commandOf(typed), from };
      process.exitCode =
        typed.check === true
          ? await runBackupCheck(wanted)
          : await runRestore({ ...wanted, replace: typed.replace === true, keepSessions: typed.keepSessions === true });
    });
  addOptions(restore, 'backup');
}

function parseCount(given: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(given)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return Number(given);
}

function commandOf(typed: Typed): BackupCommand {
  return {
    data: readOptions('backup', typed).options.data,
    now: new Date(),
    print: (line) => void process.stdout.write(`${line}\n`),
  };
}
