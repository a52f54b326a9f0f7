import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { addOptions, readOptions } from '../option-flags.ts';

/** `vitrine gateway doctor`: whether what stands in front of the gateway does as it should. */
export function addGatewayDoctorCommand(gateway: Command): void {
  const doctor = gateway
    .command('doctor')
    .description(
      'Ask a running gateway through the web server in front of it, and say what is wrong on the way. Run it on the machine of the gateway.',
    )
    .option('--locked <identifier>', 'an image that is there and is not for everybody: it is asked for as anybody could')
    .addHelpText(
      'after',
      examples([
        'vitrine gateway doctor --config /etc/vitrine.yaml',
        'vitrine gateway doctor --config /etc/vitrine.yaml --locked letters/anna.tif',
        'sudo -u vitrine vitrine gateway doctor --config /etc/vitrine.yaml',
      ]),
    )
    .action(async (typed: Readonly<Record<string, unknown>>) => {
      const { options } = readOptions('gateway doctor', typed);
      const { runGatewayDoctor } = await import('./run-gateway-doctor.ts');
      process.exitCode = await runGatewayDoctor(
        options,
        typeof typed.locked === 'string' ? typed.locked : null,
        (line) => void process.stdout.write(`${line}\n`),
      );
    });
  addOptions(doctor, 'gateway doctor');
}
