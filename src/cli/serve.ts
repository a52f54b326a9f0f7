import type { Options } from '../config/options.ts';
import { accessLines } from './access-lines.ts';
import { block } from './block.ts';
import { noteLabPeople } from './lab-people.ts';
import { listen } from './listen.ts';
import { createLog } from './log.ts';
import { readOptions } from './option-flags.ts';

/** `vitrine serve`: a person's own folder. */
export async function serve(typed: Readonly<Record<string, unknown>>): Promise<void> {
  const { options, notices } = readOptions('serve', typed);
  const access = await accessLines(options.access);
  const labNotices = await noteLabPeople(options);
  await listen(options, createLog(options), (url) => process.stdout.write(serveBlock(url, options, access, [...notices, ...labNotices])));
}

function serveBlock(url: string, options: Options, access: readonly string[], notices: readonly string[]): string {
  return block(
    [
      ['Vitrine', url],
      ['Images', options.images],
      ['Access', access.join('\n')],
      ['State', options.data],
    ],
    notices,
  );
}
