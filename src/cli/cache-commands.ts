import { type Command, Option } from 'commander';
import { openAccess } from '../domain/access.ts';
import { FORMATS, type Format } from '../iiif/image/request.ts';
import type { CacheCommand } from './cache.ts';
import { examples } from './examples.ts';
import { addOptions, readOptions } from './option-flags.ts';
import { parallelFlag, parallelOf } from './parallel-flag.ts';
import { readAccess } from './read-access.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine cache …`: finished images that are kept on disk. */
export function addCacheCommands(program: Command): void {
  const cache = program
    .command('cache')
    .description('Look after what is kept in the data folder of the images, also beside a running server.')
    .addHelpText(
      'after',
      examples(['vitrine cache stats', 'vitrine cache purge letters/anna.jpg', 'vitrine cache warm letters/ --size !400,400']),
    );

  const stats = cache
    .command('stats')
    .description('Say how many finished images are kept on disk, how many pyramids and copies of objects, and how large they are.')
    .addHelpText('after', examples(['vitrine cache stats --data /var/lib/vitrine']))
    .action(async (typed: Typed) => {
      const { runCacheStats } = await import('./cache.ts');
      process.exitCode = await runCacheStats(commandOf(typed));
    });
  addOptions(stats, 'cache');

  const purge = cache
    .command('purge')
    .argument('<items...>', 'paths of items; with a slash at the end, a folder and all in it; / for everything')
    .description(
      'Remove what is kept of items: finished images of all sizes, pages and lesser versions, pyramids, copies of files in an object store. What is asked for is made again.',
    )
    .addHelpText('after', examples(['vitrine cache purge letters/anna.jpg maps/', 'vitrine cache purge / --data /var/lib/vitrine']))
    .action(async (items: readonly string[], typed: Typed) => {
      const { runCachePurge } = await import('./cache.ts');
      process.exitCode = await runCachePurge({ ...commandOf(typed), items });
    });
  addOptions(purge, 'cache');

  const warm = cache
    .command('warm')
    .argument('<items...>', 'paths of images and folders; / for everything')
    .addOption(
      new Option('--size <size>', 'as the Image API writes it; give it again for more; without it those of our own pages').argParser(
        (size: string, sizes: readonly string[] | undefined) => [...(sizes ?? []), size],
      ),
    )
    .option('--tiles', 'make all tiles as well')
    .addOption(new Option('--format <format>', 'of the images').choices(FORMATS).default('jpg'))
    .addOption(
      new Option('--tier <name>', 'make those of a lesser version too, where the access file has it; give it again for more').argParser(
        (tier: string, tiers: readonly string[] | undefined) => [...(tiers ?? []), tier],
      ),
    )
    .addOption(parallelFlag('how many images are worked on at the same time'))
    .description('Make finished images before somebody asks, with the options of the server. What is there already is not made again.')
    .addHelpText(
      'after',
      examples([
        'vitrine cache warm / --config /etc/vitrine.yaml',
        "vitrine cache warm letters/ maps/harz.tif --size '!1200,1200' --size 200, --config /etc/vitrine.yaml",
        'vitrine cache warm letters/ --tier preview --tiles --config /etc/vitrine.yaml',
      ]),
    )
    .action(async (items: readonly string[], typed: Typed) => {
      const { options } = readOptions('cache warm', typed);
      const access = options.access === null ? openAccess() : await readAccess(options.access);
      const { runCacheWarm } = await import('./cache-warm.ts');
      process.exitCode = await runCacheWarm({
        ...screen(),
        options,
        access,
        items,
        sizes: words(typed.size),
        tiles: typed.tiles === true,
        format: typed.format as Format,
        tiers: words(typed.tier),
        parallel: parallelOf(String(typed.parallel)),
        screen: process.stderr.isTTY === true ? process.stderr : null,
      });
    });
  addOptions(warm, 'cache warm');
}

function words(given: unknown): readonly string[] {
  return Array.isArray(given) ? given.map(String) : [];
}

function screen() {
  return {
    print: (line: string) => void process.stdout.write(`${line}\n`),
    error: (line: string) => void process.stderr.write(`${line}\n`),
  };
}

function commandOf(typed: Typed): CacheCommand {
  return { ...screen(), options: readOptions('cache', typed).options };
}
