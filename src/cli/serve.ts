import type { RunningVitrine } from '../app/start-server.ts';
import type { Options } from '../config/options.ts';
import { block } from './block.ts';
import { firstAdministratorRow } from './first-administrator-row.ts';
import { listen } from './listen.ts';
import { createLog } from './log.ts';
import { readOptions } from './option-flags.ts';

/** `vitrine serve`: a person's own folder. */
export async function serve(typed: Readonly<Record<string, unknown>>): Promise<void> {
  const { options, notices } = readOptions('serve', typed);
  const said = { access: [] as readonly string[], notices: [] as readonly string[] };
  await listen({
    options,
    log: createLog(options),
    content: 'own',
    reread: () => readOptions('serve', typed).options,
    async prepare() {
      const [{ accessLines }, { noteLabPeople }, { prepareFirstAdministrator }] = await loadPreparations();
      said.access = await accessLines(options.access);
      said.notices = [...notices, ...(await noteLabPeople(options))];
      await prepareFirstAdministrator(options);
    },
    announce: (server) => process.stdout.write(serveBlock(server, options, said.access, said.notices)),
  });
}

/** Together they are half of the program; where there are workers, these load their half at the same time. */
function loadPreparations() {
  return Promise.all([import('./access-lines.ts'), import('./lab-people.ts'), import('./first-administrator.ts')]);
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
