import { type Command, Option } from 'commander';
import { realEnvironment } from '../config/environment.ts';
import { flagsOf, type LoadedOptions, loadOptions, realDisk } from '../config/load-options.ts';
import type { OptionCommand } from '../config/option-kinds.ts';
import { environmentName, flagName, type OptionKey, optionRow, optionsOf } from '../config/options.ts';
import { StartProblem } from '../config/start-problem.ts';

/** Gives a command every option that it knows, from the table. Defaults stay with the table, so that a flag is only what was typed. */
export function addOptions(command: Command, name: OptionCommand): Command {
  for (const key of optionsOf(name)) command.addOption(commanderOption(key));
  return command;
}

/** What was typed, the environment and the file, checked; a mistake ends the command with its sentences. */
export function readOptions(name: OptionCommand, typed: Readonly<Record<string, unknown>>): Extract<LoadedOptions, { ok: true }> {
  const loaded = loadOptions({
    command: name,
    flags: flagsOf(name, typed),
    environment: realEnvironment(),
    folder: process.cwd(),
    disk: realDisk,
  });
  if (!loaded.ok) throw new StartProblem(loaded.errors, 2);
  return loaded;
}

function commanderOption(key: OptionKey): Option {
  const row = optionRow(key);
  const value = typeof row.default === 'boolean' ? `[${row.placeholder}]` : `<${row.placeholder}>`;
  const start = row.defaultText === '' ? '' : ` (default: ${row.defaultText})`;
  const option = new Option(`${flagName(key)} ${value}`, `${row.sentence}${start} [${environmentName(key)}]`);
  return option.helpGroup(`${row.group}:`);
}
