import { join } from 'node:path';
import type { Derivatives } from '../adapters/cache/derivatives/derivatives.ts';
import { countPyramids, purgePyramids } from '../adapters/imaging/pyramid/tidy-pyramids.ts';
import { countCopies, purgeCopies } from '../adapters/sources/store/kept-copies.ts';
import { openSqlite } from '../adapters/storage/sqlite/open.ts';
import { openDerivatives } from '../app/derivatives.ts';
import { copiesFolder } from '../app/open-images.ts';
import { pyramidFolder } from '../app/pyramids.ts';
import type { Options } from '../config/options.ts';
import type { Purged } from '../domain/derivative.ts';
import { parsePurge, purgeCache } from '../flows/admin/purge-cache.ts';
import { recordCommand } from './record-command.ts';

export interface CacheCommand {
  readonly options: Pick<Options, 'data' | 'derivativeDiskMegabytes'>;
  /** A line of what was asked for. */
  print(line: string): void;
  /** A line of what went wrong. */
  error(line: string): void;
}

/** `vitrine cache stats` */
export async function runCacheStats(command: CacheCommand): Promise<number> {
  const { disk } = await withDerivatives(command, (derivatives) => derivatives.stats());
  const most = disk.maxBytes === 0 ? 'and none is to be' : `${megabytes(disk.bytes)} of ${megabytes(disk.maxBytes)} MB at most`;
  command.print(`${images(disk.derivatives)} on disk, ${most}.`);
  const pyramids = await countPyramids(pyramidFolder(command.options));
  if (pyramids.files > 0) command.print(`${pyramidsInWords(pyramids.files)}, ${megabytes(pyramids.bytes)} MB.`);
  const copies = await countCopies(copiesFolder(command.options));
  if (copies.files > 0) command.print(`${copiesInWords(copies.files)}, ${megabytes(copies.bytes)} MB.`);
  return 0;
}

/** `vitrine cache purge ITEMS...` */
export async function runCachePurge(command: CacheCommand & { readonly items: readonly string[] }): Promise<number> {
  const db = await openSqlite(join(command.options.data, 'vitrine.db'));
  const audit = { record: (entry: Parameters<typeof recordCommand>[1]) => recordCommand(db, entry) };
  try {
    await withDerivatives(command, async (derivatives) => {
      for (const items of command.items) {
        const purge = parsePurge(items);
        const gone = await purgeCache({ derivatives, audit }, purge, { actor: null, via: 'command line', address: null });
        command.print(`${purgedParts(gone)} of ${purge.kind === 'everything' ? 'everything' : items} removed from disk.`);
      }
      command.print('Servers that run forget theirs within seconds.');
    });
    return 0;
  } finally {
    await db.close();
  }
}

async function withDerivatives<T>({ options, error }: CacheCommand, work: (derivatives: Derivatives) => Promise<T>): Promise<T> {
  const log = { warn: ({ err }: { readonly err: unknown }) => error(err instanceof Error ? err.message : String(err)) };
  const derivatives = openDerivatives(
    { ...options, derivativeMemoryMegabytes: 0, derivativeDiskKeeps: 'asked-again' },
    log,
    async (purge) => ({
      copies: await purgeCopies(copiesFolder(options), purge),
      pyramids: await purgePyramids(pyramidFolder(options), purge),
    }),
  );
  try {
    return await work(derivatives);
  } finally {
    await derivatives.close();
  }
}

/** `2 finished images, 1 pyramid and 1 copy of an object` */
function purgedParts({ disk, pyramids, copies }: Purged): string {
  const beside = [pyramids === 0 ? null : pyramidsInWords(pyramids), copies === 0 ? null : copiesInWords(copies)].filter(
    (part) => part !== null,
  );
  const last = beside.pop();
  return last === undefined ? images(disk) : `${[images(disk), ...beside].join(', ')} and ${last}`;
}

function pyramidsInWords(count: number): string {
  return count === 1 ? '1 pyramid' : `${count} pyramids`;
}

function copiesInWords(count: number): string {
  return count === 1 ? '1 copy of an object' : `${count} copies of objects`;
}

export function images(count: number): string {
  return count === 1 ? '1 finished image' : `${count} finished images`;
}

export function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0);
}
