import type { RunningVitrine } from '../app/start-server.ts';
import type { Options } from '../config/options.ts';
import { accessLines } from './access-lines.ts';
import { block } from './block.ts';
import { firstAdministratorRow, prepareFirstAdministrator } from './first-administrator.ts';
import { noteLabPeople } from './lab-people.ts';
import { listen } from './listen.ts';
import { createLog } from './log.ts';
import { readOptions } from './option-flags.ts';

/** `vitrine serve`: a person's own folder. */
export async function serve(typed: Readonly<Record<string, unknown>>): Promise<void> {
  const { options, notices } = readOptions('serve', typed);
  const access = await accessLines(options.access);
  const labNotices = await noteLabPeople(options);
  await prepareFirstAdministrator(options);
  await listen(options, createLog(options), (server) =>
    process.stdout.write(serveBlock(server, options, access, [...notices, ...labNotices])),
  );
}

function serveBlock(
  { url, firstAdministrator }: RunningVitrine,
  options: Options,
  access: readonly string[],
  notices: readonly string[],
): string {
  return block(
    [
      ['Vitrine', url],
      ...firstAdministratorRow(firstAdministrator),
      ['Images', options.images],
      ['Access', access.join('\n')],
      ['State', options.data],
    ],
    notices,
  );
}
