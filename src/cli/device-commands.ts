import type { Command } from 'commander';
import type { DeviceCommand } from './device.ts';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';
import { readAccess } from './read-access.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine device …`: machines that open an access service wherever they stand. */
export function addDeviceCommands(program: Command): void {
  const device = program
    .command('device')
    .description('Register machines that open an access service with devices: true, list and remove them.')
    .addHelpText(
      'after',
      examples(['vitrine device add desk-1 --service reading-room', 'vitrine device list', 'vitrine device remove desk-1']),
    );

  const add = device
    .command('add')
    .argument('<name>', 'how you call the machine')
    .requiredOption('--service <name>', 'the access service that it opens')
    .description('Print a link that makes the browser in which it is opened a device. It works once, for half an hour.')
    .addHelpText(
      'after',
      examples(['vitrine device add desk-1 --service reading-room --access access.yaml --public-url https://iiif.example.org']),
    )
    .action(async (name: string, typed: Typed) => {
      const { options } = readOptions('device', typed);
      const access = options.access === null ? null : await readAccess(options.access);
      const { runDeviceAdd } = await import('./device.ts');
      process.exitCode = await runDeviceAdd({
        ...commandOf(typed),
        name,
        service: String(typed.service),
        access,
        publicUrl: options.publicUrl,
      });
    });
  addOptions(add, 'device');

  const list = device
    .command('list')
    .description('List devices with their services.')
    .addHelpText('after', examples(['vitrine device list --data /var/lib/vitrine']))
    .action(async (typed: Typed) => {
      const { runDeviceList } = await import('./device.ts');
      process.exitCode = await runDeviceList(commandOf(typed));
    });
  addOptions(list, 'device');

  const remove = device
    .command('remove')
    .argument('<name>')
    .description('Remove a device: its browser opens nothing any more, and its tokens end.')
    .addHelpText('after', examples(['vitrine device remove desk-1']))
    .action(async (name: string, typed: Typed) => {
      const { runDeviceRemove } = await import('./device.ts');
      process.exitCode = await runDeviceRemove({ ...commandOf(typed), name });
    });
  addOptions(remove, 'device');
}

function commandOf(typed: Typed): DeviceCommand {
  return {
    data: readOptions('device', typed).options.data,
    now: new Date(),
    print: (line) => void process.stdout.write(`${line}\n`),
    error: (line) => void process.stderr.write(`${line}\n`),
  };
}
