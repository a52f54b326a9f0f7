import type { Command } from 'commander';
import { examples } from './examples.ts';
import { addGatewayConfigCommand } from './gateway-config/command.ts';
import { addGatewayDoctorCommand } from './gateway-doctor/command.ts';
import { addOptions } from './option-flags.ts';

/** `vitrine gateway`: in front of an image server that somebody already has. */
export function addGatewayCommand(program: Command): void {
  const gateway = program
    .command('gateway')
    .description('Stand in front of an image server that you already have, and decide for each request who may see what.')
    .addHelpText(
      'after',
      examples([
        'vitrine gateway --upstream http://127.0.0.1:8182/iiif/3 --access access.yaml',
        "vitrine gateway --upstream 'http://127.0.0.1/fcgi-bin/iipsrv.fcgi?IIIF=' --access access.yaml",
        'vitrine gateway --config /etc/vitrine.yaml',
      ]),
    )
    .action(async (typed: Record<string, unknown>) => {
      await (await import('./gateway.ts')).gateway(typed);
    });
  addOptions(gateway, 'gateway');
  // What is typed after the name of a command below is for that one.
  program.enablePositionalOptions();
  gateway.enablePositionalOptions();
  addGatewayConfigCommand(gateway);
  addGatewayDoctorCommand(gateway);
}
