import type { Command } from 'commander';
import type { CacheCommand } from './cache.ts';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine cache …`: finished images that are kept on disk. */
export function addCacheCommands(program: Command): void {
  const cache = program
    .command('cache')
    .description('Look after the finished images that are kept in the data folder, also beside a running server.')
    .addHelpText('after', examples(['vitrine cache stats', 'vitrine cache purge letters/anna.jpg', 'vitrine cache purge letters/']));

  const stats = cache
    .command('stats')
    .description('Say how many finished images are kept on disk, and how large they are.')
    .addHelpText('after', examples(['vitrine cache stats --data /var/lib/vitrine']))
    .action(async (typed: Typed) => {
      const { runCacheStats } = await import('./cache.ts');
      process.exitCode = await runCacheStats(commandOf(typed));
    });
  addOptions(stats, 'cache');

  const purge = cache
    .command('purge')
    .argument('<items...>', 'paths of items; with a slash at the end, a folder and all in it; / for everything')
    .description('Remove finished images, of all sizes, pages and lesser versions. They are made again when they are asked for.')
    .addHelpText('after', examples(['vitrine cache purge letters/anna.jpg maps/', 'vitrine cache purge / --data /var/lib/vitrine']))
    .action(async (items: readonly string[], typed: Typed) => {
      const { runCachePurge } = await import('./cache.ts');
      process.exitCode = await runCachePurge({ ...commandOf(typed), items });
    });
  addOptions(purge, 'cache');
}

function commandOf(typed: Typed): CacheCommand {
  return {
    options: readOptions('cache', typed).options,
    print: (line) => void process.stdout.write(`${line}\n`),
    error: (line) => void process.stderr.write(`${line}\n`),
  };
}
