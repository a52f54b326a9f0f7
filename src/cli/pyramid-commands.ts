import type { Command } from 'commander';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';
import { parallelFlag, parallelOf } from './parallel-flag.ts';

/** `vitrine pyramid`: pyramids made ahead, so that nobody has to wait for them. */
export function addPyramidCommand(program: Command): void {
  const pyramid = program
    .command('pyramid')
    .argument('[files...]', 'pictures, and folders with their subfolders; all of the folder of images without any')
    .option('--out <dir>', 'make TIFF files there, to be served from anywhere, and not those that the server keeps beside its images')
    .addOption(parallelFlag('how many are made at the same time'))
    .description('Make pyramids ahead: large pictures as fast as small ones. What is there already is not made again.')
    .addHelpText(
      'after',
      examples([
        'vitrine pyramid --images /srv/images --data /var/lib/vitrine',
        'vitrine pyramid /srv/images/maps --images /srv/images',
        'vitrine pyramid scans/*.jp2 --out /srv/images/scans',
      ]),
    )
    .action(async (files: readonly string[], typed: Readonly<Record<string, unknown>>) => {
      const { runPyramid } = await import('./pyramid.ts');
      process.exitCode = await runPyramid({
        options: readOptions('pyramid', typed).options,
        files,
        out: typeof typed.out === 'string' ? typed.out : null,
        parallel: parallelOf(String(typed.parallel)),
        screen: process.stdout,
        error: (line) => void process.stderr.write(`${line}\n`),
      });
    });
  addOptions(pyramid, 'pyramid');
}
