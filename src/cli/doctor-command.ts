import type { Command } from 'commander';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';

/** `vitrine doctor`: what is wrong with this host. */
export function addDoctorCommand(program: Command): void {
  const doctor = program
    .command('doctor')
    .description('Look whether this host is as the server needs it: options, files, disk, clock, database, port, public address, proxies.')
    .addHelpText(
      'after',
      examples(['vitrine doctor --config /etc/vitrine.yaml', 'sudo -u vitrine vitrine doctor --config /etc/vitrine.yaml']),
    )
    .action(async (typed: Readonly<Record<string, unknown>>) => {
      const { options, notices } = readOptions('serve', typed);
      const { runDoctor } = await import('./doctor.ts');
      process.exitCode = await runDoctor({ options, notices, print: (line) => void process.stdout.write(`${line}\n`) });
    });
  addOptions(doctor, 'serve');
}
